package dev.beamline.sql;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlQuery;
import dev.beamline.sql.ast.SqlStatement;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a query's result and its columns are written. */
final class OutputPlaces {

  private final Place result;
  private final SqlQuery.@Nullable Select select;

  private OutputPlaces(Place result, SqlQuery.@Nullable Select select) {
    this.result = result;
    this.select = select;
  }

  /**
   * Of a file's one query.
   *
   * @param file where the file holds none
   */
  static OutputPlaces of(List<SqlStatement> statements, Place file) {
    for (SqlStatement statement : statements) {
      if (statement instanceof SqlStatement.Query query) {
        SqlQuery.Select first = first(query.query().body());
        return new OutputPlaces(first == null ? query.place() : first.place(), first);
      }
    }
    return new OutputPlaces(file, null);
  }

  /** The first SELECT, which names the columns. */
  private static SqlQuery.@Nullable Select first(SqlQuery.Body body) {
    if (body instanceof SqlQuery.SetOperation operation) {
      return first(operation.left());
    }
    if (body instanceof SqlQuery.Nested nested) {
      return first(nested.query().body());
    }
    return body instanceof SqlQuery.Select select ? select : null;
  }

  /** The result as a whole. */
  Place result() {
    return result;
  }

  /** A column; the whole result where it is written nowhere, as one of a star. */
  Place column(String name) {
    if (select == null) {
      return result;
    }
    return select.items().stream()
        .map(item -> named(item, name))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(result);
  }

  private static @Nullable Place named(SqlQuery.SelectItem item, String name) {
    if (!(item instanceof SqlQuery.ExpressionItem column)) {
      return null;
    }
    Identifier alias = column.alias();
    if (alias == null && column.expression() instanceof SqlExpression.Path path) {
      alias = path.parts().get(path.parts().size() - 1);
    }
    return alias != null && alias.name().equalsIgnoreCase(name) ? alias.place() : null;
  }
}
