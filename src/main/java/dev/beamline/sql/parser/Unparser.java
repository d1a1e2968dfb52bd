package dev.beamline.sql.parser;

import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlQuery;
import dev.beamline.sql.ast.SqlStatement;
import dev.beamline.sql.ast.SqlType;
import java.util.List;

/**
 * Writes syntax trees as GoogleSQL in one canonical form. Parsing that text gives the same tree
 * again, but for the places.
 */
public final class Unparser {

  private Unparser() {}

  /** A statement without a semicolon; a clause of the outermost query to a line. */
  public static String text(SqlStatement statement) {
    if (statement instanceof SqlStatement.CreateFunction function) {
      return function(function);
    }
    return text(((SqlStatement.Query) statement).query());
  }

  private static String function(SqlStatement.CreateFunction function) {
    StringBuilder out = new StringBuilder("CREATE FUNCTION ");
    out.append(Names.path(List.of(function.name().name().split("\\.", -1)))).append('(');
    String separator = "";
    for (SqlStatement.Parameter parameter : function.parameters()) {
      SqlType type = parameter.type();
      out.append(separator).append(Names.quoted(parameter.name().name())).append(' ');
      out.append(type == null ? "ANY TYPE" : text(type));
      separator = ", ";
    }
    out.append(')');
    SqlType returns = function.returns();
    if (returns != null) {
      out.append(" RETURNS ").append(text(returns));
    }
    return out.append(" AS (").append(text(function.body())).append(')').toString();
  }

  /** A query, a clause to a line. */
  public static String text(SqlQuery query) {
    StringBuilder out = new StringBuilder();
    new QueryWriter(out, "\n").query(query);
    return out.toString();
  }

  /** An expression on one line. */
  public static String text(SqlExpression expression) {
    StringBuilder out = new StringBuilder();
    new ExpressionWriter(out).write(expression);
    return out.toString();
  }

  /** A type on one line. */
  public static String text(SqlType type) {
    StringBuilder out = new StringBuilder();
    type(type, out);
    return out.toString();
  }

  static void type(SqlType type, StringBuilder out) {
    if (type instanceof SqlType.Array array) {
      out.append("ARRAY<");
      type(array.element(), out);
      out.append('>');
    } else if (type instanceof SqlType.Struct struct) {
      out.append("STRUCT<");
      String separator = "";
      for (SqlType.Field field : struct.fields()) {
        out.append(separator);
        String name = field.name();
        if (name != null) {
          out.append(Names.quoted(name)).append(' ');
        }
        type(field.type(), out);
        separator = ", ";
      }
      out.append('>');
    } else if (type instanceof SqlType.Named named) {
      out.append(Names.type(named.name()));
      if (!named.parameters().isEmpty()) {
        out.append('(');
        String separator = "";
        for (Long parameter : named.parameters()) {
          out.append(separator).append(parameter);
          separator = ", ";
        }
        out.append(')');
      }
    }
  }
}
