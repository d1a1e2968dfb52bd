package dev.beamline.project;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is read of a database: a table, or what a query gives that the database itself runs.
 *
 * @param text the table's name or the query
 */
public record Relation(Located<String> text, boolean isQuery) implements Serializable {

  public Relation {
    Objects.requireNonNull(text, "text");
  }

  public static Relation table(Located<String> name) {
    return new Relation(name, false);
  }

  public static Relation query(Located<String> sql) {
    return new Relation(sql, true);
  }

  /** The table's name; null: it is a query. */
  public @Nullable String table() {
    return isQuery ? null : text.value();
  }

  /** The query; null: it is a table. */
  public @Nullable String query() {
    return isQuery ? text.value() : null;
  }
}
