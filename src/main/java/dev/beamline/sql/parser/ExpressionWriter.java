package dev.beamline.sql.parser;

import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlExpression.OrderItem;
import dev.beamline.sql.ast.SqlQuery;
import dev.beamline.sql.ast.SqlType;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes expressions on one line, with only the parentheses that they need. */
final class ExpressionWriter {

  private static final int OR = 1;
  private static final int AND = 2;
  private static final int NOT = 3;
  private static final int COMPARISON = 4;
  private static final int UNARY = 11;
  private static final int OPERAND = 12;

  private final StringBuilder out;

  ExpressionWriter(StringBuilder out) {
    this.out = out;
  }

  /** How tightly the outermost operator binds. */
  private static int level(SqlExpression expression) {
    if (expression instanceof SqlExpression.Binary binary) {
      return level(binary.operator());
    }
    if (expression instanceof SqlExpression.Unary unary) {
      return unary.operator().equals("NOT")
          ? NOT
          : unary.operator().startsWith("IS") ? COMPARISON : UNARY;
    }
    boolean comparison =
        expression instanceof SqlExpression.Between
            || expression instanceof SqlExpression.InList
            || expression instanceof SqlExpression.InSubquery
            || expression instanceof SqlExpression.InUnnest;
    return comparison ? COMPARISON : OPERAND;
  }

  private static int level(String operator) {
    return switch (operator) {
      case "OR" -> OR;
      case "AND" -> AND;
      case "|" -> 5;
      case "^" -> 6;
      case "&" -> 7;
      case "<<", ">>" -> 8;
      case "+", "-" -> 9;
      case "*", "/", "||" -> 10;
      default -> COMPARISON;
    };
  }

  /** Writes with parentheses where the operator binds less tightly than asked. */
  private void write(SqlExpression expression, int lowest) {
    if (level(expression) < lowest) {
      parenthesized(expression);
    } else {
      write(expression);
    }
  }

  private void parenthesized(SqlExpression expression) {
    out.append('(');
    write(expression);
    out.append(')');
  }

  void write(SqlExpression expression) {
    if (expression instanceof SqlExpression.Path path) {
      out.append(Names.path(path.parts().stream().map(Identifier::name).toList()));
    } else if (expression instanceof SqlExpression.Binary binary) {
      binary(binary);
    } else if (expression instanceof SqlExpression.Unary unary) {
      unary(unary);
    } else if (expression instanceof SqlExpression.Call call) {
      call(call);
    } else if (!literal(expression) && !predicate(expression) && !subquery(expression)) {
      construct(expression);
    }
  }

  private boolean literal(SqlExpression expression) {
    if (expression instanceof SqlExpression.IntegerLiteral integer) {
      out.append(integer.text());
    } else if (expression instanceof SqlExpression.FloatLiteral floating) {
      out.append(floating.text());
    } else if (expression instanceof SqlExpression.StringLiteral string) {
      out.append(Literals.string(string.value()));
    } else if (expression instanceof SqlExpression.BytesLiteral bytes) {
      out.append(Literals.bytes(bytes.value()));
    } else if (expression instanceof SqlExpression.BoolLiteral bool) {
      out.append(bool.value() ? "TRUE" : "FALSE");
    } else if (expression instanceof SqlExpression.NullLiteral) {
      out.append("NULL");
    } else if (expression instanceof SqlExpression.TypedLiteral typed) {
      out.append(typed.typeName()).append(' ').append(Literals.string(typed.value()));
    } else if (expression instanceof SqlExpression.IntervalLiteral interval) {
      out.append("INTERVAL ");
      write(interval.value());
      out.append(' ').append(interval.part());
      String to = interval.toPart();
      out.append(to == null ? "" : " TO " + to);
    } else if (expression instanceof SqlExpression.Parameter parameter) {
      out.append('@').append(Names.quoted(parameter.name()));
    } else if (expression instanceof SqlExpression.Star) {
      out.append('*');
    } else if (expression instanceof SqlExpression.WeekPart week) {
      out.append("WEEK(").append(week.day()).append(')');
    } else {
      return false;
    }
    return true;
  }

  // --- Operators -------------------------------------------------------------------------------

  private void binary(SqlExpression.Binary binary) {
    int level = level(binary.operator());
    write(binary.left(), level == COMPARISON ? COMPARISON + 1 : level);
    out.append(' ').append(binary.operator());
    if (binary.operator().endsWith("UNNEST")) {
      out.append('(');
      write(binary.right());
      out.append(')');
      return;
    }
    out.append(' ');
    write(binary.right(), level + 1);
  }

  private void unary(SqlExpression.Unary unary) {
    SqlExpression operand = unary.operand();
    switch (unary.operator()) {
      case "NOT" -> {
        out.append("NOT ");
        write(operand, NOT);
      }
      case "-", "+", "~" -> {
        out.append(unary.operator());
        int start = out.length();
        if (operand instanceof SqlExpression.IntegerLiteral literal
            && unary.operator().equals("-")) {
          // -(9223372036854775808) is no literal, unlike the same without parentheses.
          boolean least = literal.text().length() > 18;
          out.append(least ? "(" : "");
          write(operand);
          out.append(least ? ")" : "");
        } else {
          write(operand, UNARY);
        }
        if (out.charAt(start) == '-') {
          // Two minus signs would begin a comment.
          out.insert(start, ' ');
        }
      }
      default -> {
        write(operand, COMPARISON + 1);
        out.append(' ').append(unary.operator());
      }
    }
  }

  private boolean predicate(SqlExpression expression) {
    if (expression instanceof SqlExpression.Between between) {
      write(between.value(), COMPARISON + 1);
      out.append(between.negated() ? " NOT BETWEEN " : " BETWEEN ");
      write(between.low(), COMPARISON + 1);
      out.append(" AND ");
      write(between.high(), COMPARISON + 1);
    } else if (expression instanceof SqlExpression.InList in) {
      in(in.value(), in.negated());
      list("(", in.list(), ")");
    } else if (expression instanceof SqlExpression.InSubquery in) {
      in(in.value(), in.negated());
      query(in.query());
    } else if (expression instanceof SqlExpression.InUnnest in) {
      in(in.value(), in.negated());
      out.append("UNNEST");
      parenthesized(in.array());
    } else {
      return false;
    }
    return true;
  }

  private void in(SqlExpression value, boolean negated) {
    write(value, COMPARISON + 1);
    out.append(negated ? " NOT IN " : " IN ");
  }

  private boolean subquery(SqlExpression expression) {
    if (expression instanceof SqlExpression.ScalarSubquery subquery) {
      query(subquery.query());
    } else if (expression instanceof SqlExpression.With with) {
      with(with);
    } else if (expression instanceof SqlExpression.ArraySubquery subquery) {
      out.append("ARRAY");
      query(subquery.query());
    } else if (expression instanceof SqlExpression.Exists exists) {
      out.append("EXISTS ");
      query(exists.query());
    } else {
      return false;
    }
    return true;
  }

  private void with(SqlExpression.With with) {
    out.append("WITH(");
    for (SqlExpression.Binding binding : with.bindings()) {
      out.append(Names.quoted(binding.name().name())).append(" AS ");
      write(binding.value());
      out.append(", ");
    }
    write(with.result());
    out.append(')');
  }

  private void query(SqlQuery query) {
    out.append('(');
    new QueryWriter(out, " ").query(query);
    out.append(')');
  }

  // --- Everything else -------------------------------------------------------------------------

  private void construct(SqlExpression expression) {
    if (expression instanceof SqlExpression.Case choice) {
      choice(choice);
    } else if (expression instanceof SqlExpression.Cast cast) {
      cast(cast);
    } else if (expression instanceof SqlExpression.Extract extract) {
      out.append("EXTRACT(").append(extract.part()).append(" FROM ");
      write(extract.operand());
      optional(" AT TIME ZONE ", extract.timeZone());
      out.append(')');
    } else if (expression instanceof SqlExpression.ArrayConstructor array) {
      SqlType type = array.elementType();
      if (type != null) {
        out.append("ARRAY<");
        Unparser.type(type, out);
        out.append('>');
      }
      list("[", array.elements(), "]");
    } else if (expression instanceof SqlExpression.StructConstructor struct) {
      struct(struct);
    } else if (expression instanceof SqlExpression.Subscript subscript) {
      operand(subscript.operand(), subscript.operand() instanceof SqlExpression.Path);
      boolean bare = subscript.accessor().isEmpty();
      out.append('[').append(bare ? "" : subscript.accessor() + "(");
      write(subscript.index());
      out.append(bare ? "]" : ")]");
    } else if (expression instanceof SqlExpression.FieldAccess access) {
      operand(access.operand(), false);
      out.append('.').append(Names.quoted(access.field().name()));
    } else if (expression instanceof SqlExpression.Lambda lambda) {
      List<String> names = lambda.parameters().stream().map(p -> Names.quoted(p.name())).toList();
      out.append(names.size() == 1 ? names.get(0) : "(" + String.join(", ", names) + ")");
      out.append(" -> ");
      write(lambda.body());
    } else if (expression instanceof SqlExpression.NamedArgument argument) {
      out.append(Names.quoted(argument.name().name())).append(" => ");
      write(argument.value());
    }
  }

  /** What stands before a dot or bracket. */
  void operand(SqlExpression operand, boolean bare) {
    boolean simple =
        bare
            || operand instanceof SqlExpression.Call
            || operand instanceof SqlExpression.Subscript
            || operand instanceof SqlExpression.FieldAccess
            || operand instanceof SqlExpression.Parameter
            || operand instanceof SqlExpression.ScalarSubquery
            || operand instanceof SqlExpression.With
            || operand instanceof SqlExpression.ArraySubquery
            || operand instanceof SqlExpression.ArrayConstructor
            || operand instanceof SqlExpression.StructConstructor;
    boolean analytic = operand instanceof SqlExpression.Call call && call.over() != null;
    if (simple && !analytic) {
      write(operand);
    } else {
      parenthesized(operand);
    }
  }

  private void choice(SqlExpression.Case choice) {
    out.append("CASE");
    optional(" ", choice.operand());
    for (SqlExpression.Case.When when : choice.whens()) {
      out.append(" WHEN ");
      write(when.condition());
      out.append(" THEN ");
      write(when.result());
    }
    optional(" ELSE ", choice.otherwise());
    out.append(" END");
  }

  private void cast(SqlExpression.Cast cast) {
    out.append(cast.safe() ? "SAFE_CAST(" : "CAST(");
    write(cast.operand());
    out.append(" AS ");
    Unparser.type(cast.type(), out);
    optional(" FORMAT ", cast.format());
    optional(" AT TIME ZONE ", cast.timeZone());
    out.append(')');
  }

  private void struct(SqlExpression.StructConstructor struct) {
    SqlType type = struct.type();
    boolean unnamed = struct.names().stream().allMatch(String::isEmpty);
    if (type != null) {
      Unparser.type(type, out);
      list("(", struct.values(), ")");
    } else if (unnamed && struct.values().size() > 1) {
      list("(", struct.values(), ")");
    } else {
      out.append("STRUCT(");
      for (int i = 0; i < struct.values().size(); i++) {
        out.append(i == 0 ? "" : ", ");
        write(struct.values().get(i));
        String name = struct.names().get(i);
        out.append(name.isEmpty() ? "" : " AS " + Names.quoted(name));
      }
      out.append(')');
    }
  }

  private void call(SqlExpression.Call call) {
    out.append(call.safe() ? "SAFE." : "").append(Names.function(call.name())).append('(');
    out.append(call.distinct() ? "DISTINCT " : "");
    list("", call.arguments(), "");
    Boolean ignoreNulls = call.ignoreNulls();
    if (ignoreNulls != null) {
      out.append(ignoreNulls ? " IGNORE NULLS" : " RESPECT NULLS");
    }
    SqlExpression.HavingBound having = call.having();
    if (having != null) {
      out.append(having.max() ? " HAVING MAX " : " HAVING MIN ");
      write(having.expression());
    }
    if (!call.orderBy().isEmpty()) {
      out.append(" ORDER BY ");
      orderItems(call.orderBy());
    }
    optional(" LIMIT ", call.limit());
    out.append(')');
    SqlExpression filter = call.filter();
    if (filter != null) {
      out.append(" FILTER (WHERE ");
      write(filter);
      out.append(')');
    }
    SqlExpression.Over over = call.over();
    if (over != null) {
      out.append(" OVER ");
      window(over);
    }
  }

  /** {@code (...)}: what stands behind OVER and in a WINDOW clause. */
  void window(SqlExpression.Over over) {
    out.append('(');
    int start = out.length();
    Identifier base = over.base();
    if (base != null) {
      out.append(Names.quoted(base.name()));
    }
    if (!over.partitionBy().isEmpty()) {
      out.append(out.length() == start ? "" : " ").append("PARTITION BY ");
      list("", over.partitionBy(), "");
    }
    if (!over.orderBy().isEmpty()) {
      out.append(out.length() == start ? "" : " ").append("ORDER BY ");
      orderItems(over.orderBy());
    }
    SqlExpression.FrameClause frame = over.frame();
    if (frame != null) {
      out.append(out.length() == start ? "" : " ").append(frame.rows() ? "ROWS" : "RANGE");
      out.append(" BETWEEN ");
      bound(frame.start());
      out.append(" AND ");
      bound(frame.end());
    }
    out.append(')');
  }

  private void bound(SqlExpression.FrameBound bound) {
    SqlExpression offset = bound.offset();
    if (offset != null) {
      write(offset);
      out.append(' ');
    }
    out.append(bound.kind());
  }

  void orderItems(List<OrderItem> items) {
    separated(
        items,
        item -> {
          write(item.expression());
          out.append(item.descending() ? " DESC" : "");
          Boolean nullsFirst = item.nullsFirst();
          if (nullsFirst != null) {
            out.append(nullsFirst ? " NULLS FIRST" : " NULLS LAST");
          }
        });
  }

  void list(String before, List<SqlExpression> expressions, String behind) {
    out.append(before);
    separated(expressions, this::write);
    out.append(behind);
  }

  private <T> void separated(List<T> items, Consumer<T> writer) {
    for (int i = 0; i < items.size(); i++) {
      out.append(i == 0 ? "" : ", ");
      writer.accept(items.get(i));
    }
  }

  private void optional(String before, @Nullable SqlExpression expression) {
    if (expression != null) {
      out.append(before);
      write(expression);
    }
  }
}
