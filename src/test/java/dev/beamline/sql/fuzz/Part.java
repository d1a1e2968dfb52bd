package dev.beamline.sql.fuzz;

import java.util.List;

/** A piece of a query that prints itself for both engines, and knows smaller pieces of its kind. */
interface Part {

  String text(Dialect dialect);

  /** Simpler parts that could stand in its place, the simplest first. */
  List<? extends Part> smaller();
}
