package dev.beamline.transform;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.transform.window.EventTimes;

/** Makes error records of rows that an expression failed on. */
public final class RowErrors {

  /** The code of all errors in expressions. */
  public static final String CODE = "EVALUATION";

  private final String query;
  private final Schema schema;

  /**
   * @param schema of the rows
   */
  public RowErrors(String query, Schema schema) {
    this.query = query;
    this.schema = schema;
  }

  /** The record of a row; its place in the query is part of the message. */
  public ErrorRecord of(Tuple row, long eventTimeMicros, EvaluationException error) {
    String message = String.valueOf(error.getMessage());
    return new ErrorRecord(
        query,
        CODE,
        error.place() == null ? message : error.place() + ": " + message,
        RowText.json(schema, row),
        false,
        null,
        isTime(eventTimeMicros) ? eventTimeMicros : null);
  }

  /** Not where a group is of all time, or a row of no time. */
  private static boolean isTime(long micros) {
    return micros > EventTimes.FIRST_MILLIS * 1000 && micros < EventTimes.LAST_MILLIS * 1000;
  }
}
