package dev.beamline.testing;

import dev.beamline.catalog.Tuple;
import dev.beamline.project.Windowing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One way of streaming rows through a query.
 *
 * @param windowing of the query and of those it reads, but for their windows
 * @param settle see {@link dev.beamline.pipeline.PipelineBuilder}
 * @param shards in how many parts groups keep their state; 0: each for itself
 * @param tables the rows of sources that are there from the start
 * @param moves what happens, in order; then all sources end
 */
record StreamScript(
    Windowing windowing,
    Duration settle,
    int shards,
    Map<String, List<Tuple>> tables,
    List<Move> moves) {

  StreamScript {
    tables = Map.copyOf(tables);
    moves = List.copyOf(moves);
  }

  /** Whether panes hold new rows alone. */
  boolean discarding() {
    return windowing.accumulationMode() == Windowing.AccumulationMode.DISCARDING;
  }

  /** Something that happens. */
  sealed interface Move {}

  /** Rows arrive in one bundle. */
  record Arrive(String source, List<Tuple> rows) implements Move {
    Arrive {
      rows = List.copyOf(rows);
    }
  }

  /** A source's watermark moves. */
  record Watermark(String source, Instant to) implements Move {}

  /** The clock goes on; by nothing: what is due now is done. */
  record Clock(Duration by) implements Move {}

  StreamScript with(List<Move> other) {
    return new StreamScript(windowing, settle, shards, tables, other);
  }

  StreamScript withTables(Map<String, List<Tuple>> other) {
    return new StreamScript(windowing, settle, shards, other, moves);
  }

  /** Has it all happen, to the end of time. */
  void play(QuerySimulation simulation) {
    tables.forEach(simulation::addTable);
    for (Move move : moves) {
      if (move instanceof Arrive arrive) {
        simulation.add(arrive.source(), arrive.rows());
      } else if (move instanceof Watermark watermark) {
        simulation.watermark(watermark.source(), watermark.to());
      } else if (move instanceof Clock clock) {
        simulation.clock(clock.by());
      }
    }
    simulation.watermark(Instant.MAX);
    simulation.clock(Duration.ofDays(1));
  }
}
