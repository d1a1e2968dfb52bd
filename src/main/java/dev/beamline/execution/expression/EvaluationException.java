package dev.beamline.execution.expression;

import dev.beamline.diagnostic.Place;
import org.jspecify.annotations.Nullable;

/**
 * An error that BigQuery, too, would raise on this row. Has no stack trace: it is a matter of data.
 */
public final class EvaluationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final @Nullable Place place;

  public EvaluationException(String message) {
    this(message, null);
  }

  public EvaluationException(String message, @Nullable Place place) {
    super(message, null, false, false);
    this.place = place;
  }

  /** Where the failing call stands, once it is known. */
  public @Nullable Place place() {
    return place;
  }

  /** The same error with a place, where it has none yet. */
  public EvaluationException at(Place where) {
    return place != null ? this : new EvaluationException(String.valueOf(getMessage()), where);
  }
}
