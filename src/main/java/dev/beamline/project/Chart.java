package dev.beamline.project;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the dashboard draws a query, where YAML says so. What it leaves out is chosen from the
 * columns.
 *
 * @param type null: chosen
 * @param x the column of the horizontal axis; null: the window's start, else the first time
 * @param y columns of numbers, the first drawn first; empty: chosen
 * @param by the column whose values are lines or bars of their own; null: chosen
 * @param stacked whether bars and lines of one x stand upon each other
 */
public record Chart(
    @Nullable Type type,
    @Nullable Located<String> x,
    List<Located<String>> y,
    @Nullable Located<String> by,
    boolean stacked)
    implements Serializable {

  public Chart {
    y = List.copyOf(y);
  }

  /** The kinds. */
  public enum Type {
    LINE,
    BAR,
    TABLE
  }
}
