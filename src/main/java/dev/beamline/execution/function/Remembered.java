package dev.beamline.execution.function;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a text was made into, kept for the next row, since formats, patterns and paths seldom change
 * from row to row. Each call in a query has its own.
 *
 * @param <T> what is made
 */
final class Remembered<T> {

  private final Function<String, T> maker;
  private @Nullable String text;
  private @Nullable T made;

  Remembered(Function<String, T> maker) {
    this.maker = maker;
  }

  T of(String wanted) {
    T known = made;
    if (known != null && wanted.equals(text)) {
      return known;
    }
    T fresh = maker.apply(wanted);
    text = wanted;
    made = fresh;
    return fresh;
  }
}
