package dev.beamline.sql.ast;

import dev.beamline.diagnostic.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One statement of a file. */
public sealed interface SqlStatement {

  Place place();

  /** A SELECT. */
  record Query(SqlQuery query) implements SqlStatement {
    @Override
    public Place place() {
      return query.place();
    }
  }

  /**
   * {@code CREATE [OR REPLACE] [TEMP] FUNCTION [IF NOT EXISTS] name(x T, y ANY TYPE) [RETURNS T] AS
   * (expression)}.
   *
   * @param returns null where it follows from the body
   */
  record CreateFunction(
      SqlExpression.Identifier name,
      List<Parameter> parameters,
      @Nullable SqlType returns,
      SqlExpression body,
      Place place)
      implements SqlStatement {
    public CreateFunction {
      parameters = List.copyOf(parameters);
    }
  }

  /** A parameter of a function; type null: ANY TYPE. */
  record Parameter(SqlExpression.Identifier name, @Nullable SqlType type) {}
}
