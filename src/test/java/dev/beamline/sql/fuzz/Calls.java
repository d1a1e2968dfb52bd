package dev.beamline.sql.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes calls of aggregate and analytic functions. */
final class Calls {

  private final Random random;
  private final Expressions expressions;

  Calls(Random random, Expressions expressions) {
    this.random = random;
    this.expressions = expressions;
  }

  private int up(int bound) {
    return random.nextInt(bound);
  }

  @SafeVarargs
  private <T> T one(T... list) {
    return list[up(list.length)];
  }

  /** An aggregate of this type, of any where it is null. */
  Ex aggregate(@Nullable Ty wanted, List<Col> scope) {
    Ty type =
        wanted == null
            ? one(
                Ty.INT,
                Ty.INT,
                Ty.INT,
                Ty.FLOAT,
                Ty.FLOAT,
                Ty.NUMERIC,
                Ty.STRING,
                Ty.BOOL,
                Ty.DATE,
                Ty.INTS)
            : wanted;
    Ex call = call(type, scope);
    if (up(6) != 0) {
      return call;
    }
    Ex condition = expressions.bool(scope, 1);
    String wrapped = " AS BIGINT)";
    if (call.google().equals(call.duck())) {
      return Ex.of(type, "$0 FILTER (WHERE $1)", call, condition);
    } else if (call.duck().endsWith(wrapped)) {
      String sum = call.duck().substring(0, call.duck().length() - wrapped.length());
      return Ex.of(
          type,
          call.google() + " FILTER (WHERE $1)",
          sum + " FILTER (WHERE $1)" + wrapped,
          call.parts().get(0),
          condition);
    }
    return call;
  }

  private Ex call(Ty type, List<Col> scope) {
    Ex same = expressions.any(type, scope, 1);
    return switch (type) {
      case INT ->
          switch (up(12)) {
            case 0, 1 -> Ex.of(type, "COUNT(*)");
            case 2 -> Ex.of(type, "COUNT($0)", expressions.any(expressions.scalar(), scope, 1));
            case 3 ->
                Ex.of(type, "COUNT(DISTINCT $0)", expressions.column(expressions.scalar(), scope));
            case 4 ->
                Ex.of(
                    type, "COUNTIF($0)", "COUNT(*) FILTER (WHERE $0)", expressions.bool(scope, 1));
            case 5, 6 -> Ex.of(type, "SUM($0)", "CAST(SUM($0) AS BIGINT)", same);
            case 7 -> Ex.of(type, "SUM(DISTINCT $0)", "CAST(SUM(DISTINCT $0) AS BIGINT)", same);
            case 8 -> Ex.of(type, one("BIT_AND", "BIT_OR", "BIT_XOR") + "($0)", same);
            default -> Ex.of(type, one("MIN", "MAX") + "($0)", same);
          };
      case FLOAT ->
          switch (up(8)) {
            case 0, 1 ->
                Ex.of(
                    type,
                    "AVG($0)",
                    expressions.any(one(Ty.INT, Ty.FLOAT), Expressions.narrow(scope), 1));
            case 2 -> Ex.of(type, "SUM($0)", same);
            case 3 -> {
              String name = one("STDDEV_POP", "STDDEV_SAMP", "VAR_POP", "VAR_SAMP");
              yield Ex.of(
                  type,
                  name + "($0)",
                  expressions.column(one(Ty.INT, Ty.FLOAT), Expressions.narrow(scope)));
            }
            case 4 -> {
              String name = one("COVAR_POP", "COVAR_SAMP");
              yield Ex.of(
                  type,
                  name + "($0, $1)",
                  expressions.column(Ty.FLOAT, scope),
                  expressions.column(Ty.INT, Expressions.narrow(scope)));
            }
            case 5 ->
                Ex.of(
                    type,
                    "AVG(DISTINCT $0)",
                    expressions.column(one(Ty.INT, Ty.FLOAT), Expressions.narrow(scope)));
            default -> Ex.of(type, one("MIN", "MAX") + "($0)", same);
          };
      case NUMERIC ->
          up(2) == 0 ? Ex.of(type, "SUM($0)", same) : Ex.of(type, one("MIN", "MAX") + "($0)", same);
      case STRING ->
          switch (up(4)) {
            case 0 ->
                Ex.of(
                    type,
                    "STRING_AGG($0, '-' ORDER BY $0" + one("", " DESC") + ")",
                    expressions.column(type, scope));
            case 1 ->
                Ex.of(
                    type,
                    "STRING_AGG(DISTINCT $0, ',' ORDER BY $0)",
                    expressions.column(type, scope));
            default -> Ex.of(type, one("MIN", "MAX") + "($0)", same);
          };
      case BOOL -> {
        String[] names =
            one(
                new String[] {"LOGICAL_AND", "bool_and"},
                new String[] {"LOGICAL_OR", "bool_or"},
                new String[] {"MAX", "max"});
        yield Ex.of(type, names[0] + "($0)", names[1] + "($0)", same);
      }
      case INTS -> {
        Ex element = expressions.column(Ty.INT, scope);
        String order = one("", " DESC");
        yield up(2) == 0
            ? Ex.of(
                type,
                "ARRAY_AGG($0 IGNORE NULLS ORDER BY $0" + order + ")",
                "array_agg($0 ORDER BY $0" + order + ") FILTER (WHERE $0 IS NOT NULL)",
                element)
            : Ex.of(
                type,
                "ARRAY_AGG(DISTINCT $0 IGNORE NULLS ORDER BY $0)",
                "array_agg(DISTINCT $0 ORDER BY $0) FILTER (WHERE $0 IS NOT NULL)",
                element);
      }
      default -> Ex.of(type, one("MIN", "MAX") + "($0)", same);
    };
  }

  Ex having(List<Col> scope) {
    return switch (up(3)) {
      case 0 -> Ex.of(Ty.BOOL, "COUNT(*) > " + up(3));
      case 1 -> Ex.of(Ty.BOOL, "($0 >= $1)", aggregate(Ty.INT, scope), expressions.literal(Ty.INT));
      default -> Ex.of(Ty.BOOL, "($0 IS NOT NULL)", aggregate(Ty.STRING, scope));
    };
  }

  // --- Analytic functions ----------------------------------------------------------------------

  Ex ranking(List<Col> scope, String function) {
    return Ex.of(Ty.INT, function + "() OVER ($0)", over(scope, true, ""));
  }

  Ex analytic(@Nullable Ty wanted, List<Col> scope) {
    Ty type = wanted == null ? one(Ty.INT, Ty.INT, Ty.FLOAT, Ty.STRING, Ty.NUMERIC) : wanted;
    if (type == Ty.INT && up(2) == 0) {
      return switch (up(5)) {
        case 0 -> ranking(scope, "ROW_NUMBER");
        case 1 -> ranking(scope, "RANK");
        case 2 -> ranking(scope, "DENSE_RANK");
        case 3 -> Ex.of(type, "NTILE(" + (1 + up(4)) + ") OVER ($0)", over(scope, true, ""));
        default -> Ex.of(type, "COUNT(*) OVER ($0)", framed(scope));
      };
    }
    if (type == Ty.FLOAT && up(3) == 0) {
      return Ex.of(type, one("PERCENT_RANK", "CUME_DIST") + "() OVER ($0)", over(scope, true, ""));
    }
    Ex value = expressions.leaf(type, scope);
    return switch (up(6)) {
      case 0 ->
          Ex.of(
              type,
              one("LAG", "LEAD") + "($0, " + up(3) + ") OVER ($1)",
              value,
              over(scope, true, ""));
      case 1 ->
          Ex.of(
              type,
              one("LAG", "LEAD") + "($0, 1, $1) OVER ($2)",
              value,
              expressions.literal(type),
              over(scope, true, ""));
      case 2 ->
          Ex.of(type, one("FIRST_VALUE", "LAST_VALUE") + "($0) OVER ($1)", value, rows(scope));
      case 3 ->
          Ex.of(
              type,
              one("FIRST_VALUE", "LAST_VALUE") + "($0 IGNORE NULLS) OVER ($1)",
              value,
              rows(scope));
      default -> {
        if ((type == Ty.INT || type == Ty.NUMERIC || type == Ty.FLOAT) && up(2) == 0) {
          Ex narrow = type == Ty.INT ? Ex.of(type, "MOD($0, 1000)", "($0 % 1000)", value) : value;
          yield Ex.of(
              type,
              "SUM($0) OVER ($1)",
              type == Ty.INT ? "CAST(SUM($0) OVER ($1) AS BIGINT)" : "SUM($0) OVER ($1)",
              narrow,
              framed(scope));
        }
        yield Ex.of(type, one("MIN", "MAX") + "($0) OVER ($1)", value, framed(scope));
      }
    };
  }

  /** The inside of OVER, without an order of its own ties: for functions that count peers alike. */
  private Clause framed(List<Col> scope) {
    return switch (up(5)) {
      case 0 -> partition(scope);
      case 1 -> over(scope, false, "");
      case 2 -> range(scope);
      default -> rows(scope);
    };
  }

  private Clause rows(List<Col> scope) {
    String frame =
        one(
            " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
            " ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING",
            " ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING",
            " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
            " ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING",
            " ROWS UNBOUNDED PRECEDING");
    return over(scope, true, frame);
  }

  private Clause range(List<Col> scope) {
    List<Col> keys = scope.stream().filter(c -> c.type() == Ty.INT).toList();
    if (keys.isEmpty()) {
      return rows(scope);
    }
    Ex key = keys.get(up(keys.size())).ex();
    boolean wide = key.text(Dialect.GOOGLE).contains("wide");
    String frame =
        wide
            ? " RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
            : one(
                " RANGE BETWEEN 1 PRECEDING AND CURRENT ROW",
                " RANGE BETWEEN 2 PRECEDING AND 2 FOLLOWING",
                " RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
                " RANGE BETWEEN CURRENT ROW AND 3 FOLLOWING");
    boolean descending = up(3) == 0;
    return new Clause(
        "$0 ORDER BY $1" + (descending ? " DESC" : "") + frame,
        "$0 ORDER BY $1" + (descending ? " DESC NULLS LAST" : " NULLS FIRST") + frame,
        List.of(partition(scope), key));
  }

  private Clause partition(List<Col> scope) {
    List<Col> keys =
        scope.stream().filter(c -> !c.type().isArray() && c.type() != Ty.FLOAT).toList();
    if (keys.isEmpty() || up(3) == 0) {
      return new Clause("", "", List.of());
    }
    return new Clause(
        "PARTITION BY $0", "PARTITION BY $0", List.of(keys.get(up(keys.size())).ex()));
  }

  /** With ties broken by all columns where the function can tell equal rows apart. */
  private Clause over(List<Col> scope, boolean total, String frame) {
    StringBuilder google = new StringBuilder("$0 ORDER BY $1");
    StringBuilder duck = new StringBuilder("$0 ORDER BY $1");
    boolean descending = random.nextBoolean();
    google.append(descending ? " DESC" : "");
    duck.append(descending ? " DESC NULLS LAST" : " NULLS FIRST");
    List<Col> keys = new ArrayList<>();
    for (Col column : scope) {
      if (total) {
        keys.add(column);
      }
    }
    for (Col column : keys) {
      String text = column.ex().text(Dialect.GOOGLE);
      if (column.type().isArray()) {
        google.append(", TO_JSON_STRING(").append(text).append(')');
        duck.append(", CAST(").append(text).append(" AS VARCHAR) NULLS FIRST");
      } else {
        google.append(", ").append(text);
        duck.append(", ").append(text).append(" NULLS FIRST");
      }
    }
    google.append(frame);
    duck.append(frame);
    List<Col> first = scope.stream().filter(c -> !c.type().isArray()).toList();
    return new Clause(
        google.toString(),
        duck.toString(),
        List.of(partition(scope), first.get(up(first.size())).ex()));
  }
}
