package dev.beamline.io.bigquery;

import java.util.Objects;

/**
 * A difference between a table and what a query wants that is not made by itself.
 *
 * @param message what differs
 * @param statement SQL that whoever owns the table may run
 */
public record TableRefusal(String message, String statement) {

  public TableRefusal {
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(statement, "statement");
  }
}
