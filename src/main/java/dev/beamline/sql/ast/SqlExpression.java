package dev.beamline.sql.ast;

import dev.beamline.diagnostic.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A scalar expression as written. Places underline the whole expression's most telling token. */
public sealed interface SqlExpression {

  Place place();

  /** A dotted path: a column, a table's column, a struct's field. Each part keeps its place. */
  record Path(List<Identifier> parts) implements SqlExpression {
    public Path {
      parts = List.copyOf(parts);
    }

    @Override
    public Place place() {
      return parts.get(0).place();
    }
  }

  /** {@code *} as the argument of COUNT; the parser refuses it elsewhere. */
  record Star(Place place) implements SqlExpression {}

  record NullLiteral(Place place) implements SqlExpression {}

  record BoolLiteral(boolean value, Place place) implements SqlExpression {}

  /**
   * Digits or 0x..., as written; INT64, or an error if out of range. Only the least integer, which
   * is out of range without its sign, comes with it: {@code -9223372036854775808}; all other
   * negative numbers are a {@link Unary}.
   */
  record IntegerLiteral(String text, Place place) implements SqlExpression {}

  /** With a point or exponent; FLOAT64. */
  record FloatLiteral(String text, Place place) implements SqlExpression {}

  /** Escapes are already taken out. */
  record StringLiteral(String value, Place place) implements SqlExpression {}

  record BytesLiteral(List<Byte> value, Place place) implements SqlExpression {
    public BytesLiteral {
      value = List.copyOf(value);
    }
  }

  /** {@code DATE '...'}, TIMESTAMP, DATETIME, TIME, NUMERIC, BIGNUMERIC, JSON before a string. */
  record TypedLiteral(String typeName, String value, Place place) implements SqlExpression {}

  /**
   * {@code INTERVAL expr PART} or {@code INTERVAL 'text' PART TO PART}.
   *
   * @param part upper case: DAY, MONTH ...
   */
  record IntervalLiteral(SqlExpression value, String part, @Nullable String toPart, Place place)
      implements SqlExpression {}

  /** {@code @name}. */
  record Parameter(String name, Place place) implements SqlExpression {}

  /**
   * {@code + - NOT ~} before an operand, {@code IS NULL, IS NOT NULL, IS TRUE, IS NOT FALSE ...}
   * behind one. The operator is upper case: {@code -}, {@code NOT}, {@code IS NULL} ...
   */
  record Unary(String operator, SqlExpression operand, Place place) implements SqlExpression {}

  /**
   * {@code + - * / || = != < <= > >= AND OR & | ^ << >> LIKE, NOT LIKE, IS DISTINCT FROM, IS NOT
   * DISTINCT FROM}. {@code <>} is given as {@code !=}. The place is the operator's.
   */
  record Binary(String operator, SqlExpression left, SqlExpression right, Place place)
      implements SqlExpression {}

  record Between(
      SqlExpression value, SqlExpression low, SqlExpression high, boolean negated, Place place)
      implements SqlExpression {}

  /** {@code x IN (a, b)}; {@code x LIKE ANY (a, b)} comes as an OR of LIKEs, ALL as an AND. */
  record InList(SqlExpression value, List<SqlExpression> list, boolean negated, Place place)
      implements SqlExpression {
    public InList {
      list = List.copyOf(list);
    }
  }

  record InSubquery(SqlExpression value, SqlQuery query, boolean negated, Place place)
      implements SqlExpression {}

  /** {@code x IN UNNEST(array)}. */
  record InUnnest(SqlExpression value, SqlExpression array, boolean negated, Place place)
      implements SqlExpression {}

  record Exists(SqlQuery query, Place place) implements SqlExpression {}

  record ScalarSubquery(SqlQuery query, Place place) implements SqlExpression {}

  /**
   * {@code WITH(a AS 1, b AS a + 1, a * b)}.
   *
   * @param subquery the same as a subquery around the row, in which no value is an aggregate
   */
  record With(List<Binding> bindings, SqlExpression result, ScalarSubquery subquery, Place place)
      implements SqlExpression {
    public With {
      bindings = List.copyOf(bindings);
    }
  }

  /** A name of {@link With} and what it stands for. */
  record Binding(Identifier name, SqlExpression value) {}

  /** {@code ARRAY(SELECT ...)}. */
  record ArraySubquery(SqlQuery query, Place place) implements SqlExpression {}

  /**
   * {@code CASE}.
   *
   * @param operand of the simple form; null in the searched one
   */
  record Case(
      @Nullable SqlExpression operand,
      List<When> whens,
      @Nullable SqlExpression otherwise,
      Place place)
      implements SqlExpression {
    public Case {
      whens = List.copyOf(whens);
    }

    /** One branch. */
    public record When(SqlExpression condition, SqlExpression result) {}
  }

  /** {@code CAST(x AS type FORMAT f AT TIME ZONE z)} and SAFE_CAST. */
  record Cast(
      SqlExpression operand,
      SqlType type,
      boolean safe,
      @Nullable SqlExpression format,
      @Nullable SqlExpression timeZone,
      Place place)
      implements SqlExpression {}

  record Extract(String part, SqlExpression operand, @Nullable SqlExpression timeZone, Place place)
      implements SqlExpression {}

  /**
   * A call of a function by name, which may be dotted (NET.HOST, HLL_COUNT.INIT, SAFE.SUBSTR comes
   * with {@code safe} and without the prefix).
   *
   * @param name upper case, as written otherwise
   * @param over null where it is no analytic call
   * @param filter of FILTER (WHERE ...)
   */
  record Call(
      String name,
      boolean safe,
      boolean distinct,
      List<SqlExpression> arguments,
      @Nullable Boolean ignoreNulls,
      @Nullable HavingBound having,
      List<OrderItem> orderBy,
      @Nullable SqlExpression limit,
      @Nullable SqlExpression filter,
      @Nullable Over over,
      Place place)
      implements SqlExpression {
    public Call {
      arguments = List.copyOf(arguments);
      orderBy = List.copyOf(orderBy);
    }

    /** A call without any clause. */
    public static Call of(String name, List<SqlExpression> arguments, Place place) {
      return new Call(
          name, false, false, arguments, null, null, List.of(), null, null, null, place);
    }
  }

  /** {@code HAVING MAX x} or {@code HAVING MIN x} inside a call. */
  record HavingBound(boolean max, SqlExpression expression) {}

  /** {@code name => value} in a call. */
  record NamedArgument(Identifier name, SqlExpression value) implements SqlExpression {
    @Override
    public Place place() {
      return name.place();
    }
  }

  /**
   * A date part as an argument: {@code DAY}, {@code WEEK(MONDAY)}. The parser gives a plain word as
   * a {@link Path}; only WEEK(x) comes as this.
   */
  record WeekPart(String day, Place place) implements SqlExpression {}

  /** {@code e -> body} or {@code (e, i) -> body}. */
  record Lambda(List<Identifier> parameters, SqlExpression body, Place place)
      implements SqlExpression {
    public Lambda {
      parameters = List.copyOf(parameters);
    }
  }

  /** {@code [a, b]}, {@code ARRAY[a, b]}, {@code ARRAY<T>[a, b]}. */
  record ArrayConstructor(@Nullable SqlType elementType, List<SqlExpression> elements, Place place)
      implements SqlExpression {
    public ArrayConstructor {
      elements = List.copyOf(elements);
    }
  }

  /**
   * {@code STRUCT(a AS x, b)}, {@code STRUCT<x T>(a)} and the tuple {@code (a, b)}.
   *
   * @param type null where the types follow from the values
   * @param names one for each value, empty where the field has no name. The STRUCT form without
   *     types already infers the name of {@code STRUCT(t.a)}: a; a tuple infers none
   */
  record StructConstructor(
      @Nullable SqlType type, List<SqlExpression> values, List<String> names, Place place)
      implements SqlExpression {
    public StructConstructor {
      values = List.copyOf(values);
      names = List.copyOf(names);
    }
  }

  /**
   * {@code array[OFFSET(i)]}, SAFE_OFFSET, ORDINAL, SAFE_ORDINAL, {@code json['key']}, {@code
   * struct[i]}.
   *
   * @param accessor upper case; empty for a bare index
   */
  record Subscript(SqlExpression operand, String accessor, SqlExpression index, Place place)
      implements SqlExpression {}

  /** {@code expr.field} where expr is no plain path: {@code f(x).y}, {@code a[0].y}. */
  record FieldAccess(SqlExpression operand, Identifier field) implements SqlExpression {
    @Override
    public Place place() {
      return field.place();
    }
  }

  /** A name as written, without its backticks. */
  record Identifier(String name, Place place) {}

  /** {@code expr [ASC|DESC] [NULLS FIRST|LAST]}; nullsFirst null: the default of the direction. */
  record OrderItem(SqlExpression expression, boolean descending, @Nullable Boolean nullsFirst) {}

  /**
   * {@code OVER (...)} or {@code OVER name}.
   *
   * @param base the named window that is used or extended; null: none
   */
  record Over(
      @Nullable Identifier base,
      List<SqlExpression> partitionBy,
      List<OrderItem> orderBy,
      @Nullable FrameClause frame,
      Place place) {
    public Over {
      partitionBy = List.copyOf(partitionBy);
      orderBy = List.copyOf(orderBy);
    }
  }

  /** {@code ROWS|RANGE BETWEEN start AND end}. */
  record FrameClause(boolean rows, FrameBound start, FrameBound end, Place place) {}

  /**
   * One end of a frame.
   *
   * @param kind UNBOUNDED PRECEDING, PRECEDING, CURRENT ROW, FOLLOWING, UNBOUNDED FOLLOWING
   */
  record FrameBound(String kind, @Nullable SqlExpression offset) {}
}
