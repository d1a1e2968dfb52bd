package dev.beamline.sql.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes random expressions of a type over columns in scope. */
final class Expressions {

  private static final String[] COMPARISONS = {"=", "!=", "<", "<=", ">", ">="};

  private final Random random;
  private final Queries queries;

  Expressions(Random random, Queries queries) {
    this.random = random;
    this.queries = queries;
  }

  private int up(int bound) {
    return random.nextInt(bound);
  }

  private <T> T one(List<T> list) {
    return list.get(up(list.size()));
  }

  @SafeVarargs
  private <T> T one(T... list) {
    return list[up(list.length)];
  }

  /** A type that scalars have. */
  Ty scalar() {
    return one(
        Ty.INT,
        Ty.INT,
        Ty.INT,
        Ty.FLOAT,
        Ty.NUMERIC,
        Ty.STRING,
        Ty.STRING,
        Ty.BOOL,
        Ty.DATE,
        Ty.TIMESTAMP);
  }

  Ex leaf(Ty type, List<Col> scope) {
    List<Col> fitting = scope.stream().filter(c -> c.type() == type).toList();
    return !fitting.isEmpty() && up(5) > 0 ? one(fitting).ex() : literal(type);
  }

  /** A column of the type, or a literal where there is none. */
  Ex column(Ty type, List<Col> scope) {
    List<Col> fitting = scope.stream().filter(c -> c.type() == type).toList();
    return fitting.isEmpty() ? literal(type) : one(fitting).ex();
  }

  Ex literal(Ty type) {
    if (up(9) == 0 && !type.isArray()) {
      return Ex.nothing(type);
    }
    return switch (type) {
      case INT -> Ex.of(type, one("0", "1", "2", "3", "-1", "5", "10"));
      case FLOAT -> {
        String text = one("0.0", "1.5", "-2.25", "0.5", "4.0");
        yield Ex.of(type, text, "CAST(" + text + " AS DOUBLE)");
      }
      case NUMERIC -> {
        String text = one("0", "1.5", "-2.25", "0.01", "100");
        yield Ex.of(type, "NUMERIC '" + text + "'", "CAST('" + text + "' AS DECIMAL(38,9))");
      }
      case STRING -> Ex.of(type, one("''", "'a'", "'b'", "'ab'", "'a%b'", "'日本'", "'é'", "'10'"));
      case BOOL -> Ex.of(type, one("TRUE", "FALSE"));
      case DATE ->
          Ex.of(type, "DATE '" + one("2026-01-01", "2025-12-31", "2024-02-29", "2026-01-31") + "'");
      case TIMESTAMP ->
          Ex.of(
              type, "TIMESTAMP '" + one("2026-01-01 00:00:00", "2025-12-31 23:59:59.999999") + "'");
      case INTS -> Ex.of(type, "[1, 2, 2]", "CAST([1, 2, 2] AS BIGINT[])");
      case STRINGS -> Ex.of(type, "['a', 'b']");
    };
  }

  Ex any(Ty type, List<Col> scope, int depth) {
    if (type.isArray() && depth > 0 && up(3) == 0) {
      return array(type, scope, depth);
    }
    if (depth <= 0 || up(4) == 0 || type.isArray()) {
      return leaf(type, scope);
    }
    if (up(14) == 0) {
      return ofStructOrArray(type, scope, depth);
    }
    int general = up(12);
    Ex condition = general < 3 ? any(Ty.BOOL, scope, depth - 1) : Ex.of(Ty.BOOL, "TRUE");
    switch (general) {
      case 0:
        return Ex.of(
            type,
            "IF($0, $1, $2)",
            "CASE WHEN $0 THEN $1 ELSE $2 END",
            condition,
            any(type, scope, depth - 1),
            any(type, scope, depth - 1));
      case 1:
        return Ex.of(
            type,
            "CASE WHEN $0 THEN $1 WHEN $2 THEN $3 END",
            condition,
            any(type, scope, depth - 1),
            any(Ty.BOOL, scope, depth - 1),
            any(type, scope, depth - 1));
      case 2:
        Ty tested = one(Ty.INT, Ty.STRING, Ty.DATE);
        return Ex.of(
            type,
            "CASE $0 WHEN $1 THEN $2 ELSE $3 END",
            leaf(tested, scope),
            leaf(tested, scope),
            any(type, scope, depth - 1),
            any(type, scope, depth - 1));
      case 3:
        return Ex.of(
            type, "COALESCE($0, $1)", any(type, scope, depth - 1), any(type, scope, depth - 1));
      case 4:
        return Ex.of(type, "NULLIF($0, $1)", any(type, scope, depth - 1), leaf(type, scope));
      case 5:
        if (type != Ty.BOOL) {
          String function = one("GREATEST", "LEAST");
          return Ex.of(
              type,
              function + "($0, $1)",
              "CASE WHEN $0 IS NULL OR $1 IS NULL THEN NULL ELSE " + function + "($0, $1) END",
              any(type, scope, depth - 1),
              leaf(type, scope));
        }
        break;
      case 6:
        if (up(3) == 0) {
          Ex subquery = queries.scalarSubquery(type, scope);
          if (subquery != null) {
            return subquery;
          }
        }
        break;
      default:
    }
    return switch (type) {
      case INT -> integer(scope, depth - 1);
      case FLOAT -> floating(scope, depth - 1);
      case NUMERIC -> numeric(scope, depth - 1);
      case STRING -> string(scope, depth - 1);
      case BOOL -> bool(scope, depth - 1);
      case DATE -> date(scope, depth - 1);
      default -> timestamp(scope, depth - 1);
    };
  }

  private Ex integer(List<Col> scope, int depth) {
    Ex a = any(Ty.INT, scope, depth);
    String constant = one("2", "3", "-2", "7");
    return switch (up(24)) {
      case 0, 1, 2 -> Ex.of(Ty.INT, "($0 + $1)", a, any(Ty.INT, scope, depth));
      case 3, 4 -> Ex.of(Ty.INT, "($0 - $1)", a, any(Ty.INT, scope, depth));
      case 5 -> Ex.of(Ty.INT, "($0 * $1)", a, leaf(Ty.INT, scope));
      case 6 -> Ex.of(Ty.INT, "DIV($0, " + constant + ")", "($0 // " + constant + ")", a);
      case 7 -> Ex.of(Ty.INT, "MOD($0, " + constant + ")", "($0 % " + constant + ")", a);
      case 8 -> Ex.of(Ty.INT, "ABS($0)", a);
      case 9 -> Ex.of(Ty.INT, "(- $0)", a);
      case 10 -> Ex.of(Ty.INT, "SIGN($0)", a);
      case 11, 12 -> Ex.of(Ty.INT, "LENGTH($0)", any(Ty.STRING, scope, depth));
      case 13 ->
          Ex.of(Ty.INT, "STRPOS($0, $1)", any(Ty.STRING, scope, depth), leaf(Ty.STRING, scope));
      case 14 -> {
        String part = one("YEAR", "QUARTER", "MONTH", "DAY");
        yield Ex.of(Ty.INT, "EXTRACT(" + part + " FROM $0)", any(Ty.DATE, scope, depth));
      }
      case 15 -> {
        String[] parts =
            one(
                new String[] {"DAYOFYEAR", "doy"},
                new String[] {"ISOWEEK", "week"},
                new String[] {"ISOYEAR", "isoyear"});
        yield Ex.of(
            Ty.INT,
            "EXTRACT(" + parts[0] + " FROM $0)",
            "EXTRACT(" + parts[1] + " FROM $0)",
            any(Ty.DATE, scope, depth));
      }
      case 16 ->
          Ex.of(
              Ty.INT,
              "EXTRACT(DAYOFWEEK FROM $0)",
              "(EXTRACT(dow FROM $0) + 1)",
              any(Ty.DATE, scope, depth));
      case 17 -> {
        String part = one("HOUR", "MINUTE", "SECOND");
        yield Ex.of(Ty.INT, "EXTRACT(" + part + " FROM $0)", any(Ty.TIMESTAMP, scope, depth));
      }
      case 18 -> {
        String part = one("DAY", "MONTH", "QUARTER", "YEAR");
        yield Ex.of(
            Ty.INT,
            "DATE_DIFF($0, $1, " + part + ")",
            "date_diff('" + part + "', $1, $0)",
            any(Ty.DATE, scope, depth),
            any(Ty.DATE, scope, depth));
      }
      case 19 -> {
        String part = one("SECOND", "MINUTE", "HOUR", "DAY");
        yield Ex.of(
            Ty.INT,
            "TIMESTAMP_DIFF($0, $1, " + part + ")",
            "date_sub('" + part + "', $1, $0)",
            any(Ty.TIMESTAMP, scope, depth),
            any(Ty.TIMESTAMP, scope, depth));
      }
      case 20 -> Ex.of(Ty.INT, "CAST($0 AS INT64)", "CAST($0 AS BIGINT)", leaf(Ty.BOOL, scope));
      case 21 ->
          Ex.of(
              Ty.INT,
              "CAST($0 AS INT64)",
              "CAST(round($0) AS BIGINT)",
              leaf(one(Ty.FLOAT, Ty.NUMERIC), stored(scope)));
      case 22 ->
          Ex.of(
              Ty.INT,
              "SAFE_CAST($0 AS INT64)",
              "TRY_CAST(CASE WHEN regexp_full_match($0, '[+-]?[0-9]+') THEN $0 END AS BIGINT)",
              leaf(Ty.STRING, scope));
      default ->
          Ex.of(Ty.INT, "ARRAY_LENGTH($0)", "len($0)", leaf(one(Ty.INTS, Ty.STRINGS), scope));
    };
  }

  /** Columns of tables: a computed FLOAT64 may lie on either side of a half. */
  private static List<Col> stored(List<Col> scope) {
    return scope.stream().filter(c -> c.qualifier().startsWith("a")).toList();
  }

  /** Without the columns of extremes: as FLOAT64 they hide what is added to them. */
  static List<Col> narrow(List<Col> scope) {
    return scope.stream().filter(c -> !c.name().equals("wide")).toList();
  }

  private Ex floating(List<Col> scope, int depth) {
    Ex a = any(Ty.FLOAT, scope, depth);
    return switch (up(11)) {
      case 0, 1 -> Ex.of(Ty.FLOAT, "($0 + $1)", a, any(Ty.FLOAT, scope, depth));
      case 2 -> Ex.of(Ty.FLOAT, "($0 - $1)", a, any(Ty.FLOAT, scope, depth));
      case 3 -> Ex.of(Ty.FLOAT, "($0 * $1)", a, leaf(Ty.FLOAT, scope));
      case 4 ->
          Ex.of(
              Ty.FLOAT,
              "SAFE_DIVIDE($0, $1)",
              "CASE WHEN $1 = 0 THEN NULL ELSE $0 / $1 END",
              a,
              leaf(one(Ty.FLOAT, Ty.INT), narrow(scope)));
      case 5 ->
          Ex.of(
              Ty.FLOAT,
              "($0 / NULLIF($1, 0))",
              "(CAST($0 AS DOUBLE) / NULLIF($1, 0))",
              leaf(Ty.INT, narrow(scope)),
              leaf(Ty.INT, narrow(scope)));
      case 6 ->
          Ex.of(
              Ty.FLOAT,
              "CAST($0 AS FLOAT64)",
              "CAST($0 AS DOUBLE)",
              leaf(one(Ty.INT, Ty.NUMERIC), narrow(scope)));
      case 7 -> Ex.of(Ty.FLOAT, one("FLOOR", "CEIL", "ROUND") + "($0)", leaf(Ty.FLOAT, scope));
      case 8 -> Ex.of(Ty.FLOAT, "SQRT(ABS($0))", a);
      case 9 -> Ex.of(Ty.FLOAT, "ABS($0)", a);
      default ->
          Ex.of(
              Ty.FLOAT,
              "($0 + $1)",
              "(CAST($0 AS DOUBLE) + $1)",
              leaf(Ty.INT, narrow(scope)),
              leaf(Ty.FLOAT, scope));
    };
  }

  private Ex numeric(List<Col> scope, int depth) {
    Ex a = any(Ty.NUMERIC, scope, depth);
    return switch (up(7)) {
      case 0, 1 -> Ex.of(Ty.NUMERIC, "($0 + $1)", a, any(Ty.NUMERIC, scope, depth));
      case 2 -> Ex.of(Ty.NUMERIC, "($0 - $1)", a, leaf(Ty.NUMERIC, scope));
      case 3 ->
          Ex.of(
              Ty.NUMERIC, "CAST($0 AS NUMERIC)", "CAST($0 AS DECIMAL(38,9))", leaf(Ty.INT, scope));
      case 4 -> {
        int digits = up(3);
        yield Ex.of(
            Ty.NUMERIC,
            "ROUND($0, " + digits + ")",
            "CAST(ROUND($0, " + digits + ") AS DECIMAL(38,9))",
            a);
      }
      case 5 -> Ex.of(Ty.NUMERIC, "ABS($0)", a);
      default ->
          Ex.of(
              Ty.NUMERIC,
              "($0 + $1)",
              "(CAST($0 AS DECIMAL(38,9)) + $1)",
              leaf(Ty.INT, scope),
              leaf(Ty.NUMERIC, scope));
    };
  }

  private Ex string(List<Col> scope, int depth) {
    int times = up(3);
    Ex a = any(Ty.STRING, scope, depth);
    return switch (up(17)) {
      case 0, 1 -> Ex.of(Ty.STRING, "($0 || $1)", a, any(Ty.STRING, scope, depth));
      case 2 -> Ex.of(Ty.STRING, "CONCAT($0, $1)", "($0 || $1)", a, leaf(Ty.STRING, scope));
      case 3 -> Ex.of(Ty.STRING, one("UPPER", "LOWER") + "($0)", a);
      case 4 -> Ex.of(Ty.STRING, "SUBSTR($0, " + (1 + up(3)) + ")", a);
      case 5 -> Ex.of(Ty.STRING, "SUBSTR($0, " + (1 + up(3)) + ", " + up(3) + ")", a);
      case 6 -> Ex.of(Ty.STRING, "REVERSE($0)", a);
      case 7 ->
          Ex.of(
              Ty.STRING, "REPLACE($0, $1, $2)", a, leaf(Ty.STRING, scope), leaf(Ty.STRING, scope));
      case 8 -> Ex.of(Ty.STRING, "LPAD($0, " + up(5) + ", 'xy')", a);
      case 9 -> Ex.of(Ty.STRING, "RPAD($0, " + up(5) + ", 'xy')", a);
      case 10 ->
          Ex.of(
              Ty.STRING,
              "REPEAT($0, " + times + ")",
              "CAST(REPEAT($0, " + times + ") AS VARCHAR)",
              a);
      case 11 -> Ex.of(Ty.STRING, one("LEFT", "RIGHT") + "($0, " + up(4) + ")", a);
      case 12 ->
          Ex.of(Ty.STRING, "CAST($0 AS STRING)", "CAST($0 AS VARCHAR)", any(Ty.INT, scope, depth));
      case 13 ->
          Ex.of(
              Ty.STRING,
              "CAST($0 AS STRING)",
              "CAST($0 AS VARCHAR)",
              leaf(one(Ty.BOOL, Ty.DATE), scope));
      case 14 ->
          Ex.of(
              Ty.STRING,
              "FORMAT_DATE('%Y-%m/%d %j %a', $0)",
              "strftime($0, '%Y-%m/%d %j %a')",
              any(Ty.DATE, scope, depth));
      case 15 -> Ex.of(Ty.STRING, one("LTRIM", "RTRIM", "TRIM") + "($0, 'a')", a);
      default ->
          Ex.of(
              Ty.STRING,
              "ARRAY_TO_STRING($0, ',')",
              "CASE WHEN len($0) = 0 THEN '' ELSE array_to_string($0, ',') END",
              leaf(Ty.STRINGS, scope));
    };
  }

  Ex bool(List<Col> scope, int depth) {
    switch (up(20)) {
      case 0, 1:
        return Ex.of(
            Ty.BOOL, "($0 AND $1)", any(Ty.BOOL, scope, depth), any(Ty.BOOL, scope, depth));
      case 2, 3:
        return Ex.of(Ty.BOOL, "($0 OR $1)", any(Ty.BOOL, scope, depth), any(Ty.BOOL, scope, depth));
      case 4:
        return Ex.of(Ty.BOOL, "(NOT $0)", any(Ty.BOOL, scope, depth));
      case 5:
        return Ex.of(
            Ty.BOOL, "($0 IS " + one("NULL", "NOT NULL") + ")", any(scalar(), scope, depth));
      case 6:
        return Ex.of(
            Ty.BOOL,
            "($0 IS " + one("TRUE", "NOT TRUE", "FALSE", "NOT FALSE") + ")",
            any(Ty.BOOL, scope, depth));
      case 7:
        {
          Ty type = one(Ty.INT, Ty.STRING, Ty.DATE);
          return Ex.of(
              Ty.BOOL,
              "($0 " + one("IN", "NOT IN") + " ($1, $2, $3))",
              any(type, scope, depth),
              leaf(type, scope),
              leaf(type, scope),
              literal(type));
        }
      case 8:
        {
          Ty type = scalar();
          return Ex.of(
              Ty.BOOL,
              "($0 " + one("", "NOT ") + "BETWEEN $1 AND $2)",
              any(type, scope, depth),
              leaf(type, scope),
              leaf(type, scope));
        }
      case 9:
        return Ex.of(
            Ty.BOOL,
            "($0 " + one("", "NOT ") + "LIKE " + one("'a%'", "'%b'", "'_'", "'%a%'", "''") + ")",
            any(Ty.STRING, scope, depth));
      case 10:
        return Ex.of(
            Ty.BOOL,
            one("STARTS_WITH", "ENDS_WITH") + "($0, $1)",
            any(Ty.STRING, scope, depth),
            leaf(Ty.STRING, scope));
      case 11:
        {
          Ty type = scalar();
          return Ex.of(
              Ty.BOOL,
              "($0 IS " + one("", "NOT ") + "DISTINCT FROM $1)",
              any(type, scope, depth),
              leaf(type, scope));
        }
      case 12:
        {
          Ex exists = queries.exists(scope);
          if (exists != null) {
            return exists;
          }
          break;
        }
      case 13:
        {
          Ex in = queries.inSubquery(scope);
          if (in != null) {
            return in;
          }
          break;
        }
      case 14:
        return Ex.of(
            Ty.BOOL,
            "($0 IN UNNEST($1))",
            "(CASE WHEN $1 IS NULL THEN FALSE ELSE list_contains($1, $0) END)",
            Ex.of(Ty.INT, "COALESCE($0, 1)", leaf(Ty.INT, scope)),
            literal(Ty.INTS));
      case 15:
        String pattern = one("^a", "b$", "[ab]+", "é|日");
        return Ex.of(
            Ty.BOOL,
            "REGEXP_CONTAINS($0, '" + pattern + "')",
            "regexp_matches($0, '" + pattern + "')",
            any(Ty.STRING, scope, depth));
      case 16:
        return Ex.of(
            Ty.BOOL,
            "($0 " + one(COMPARISONS) + " $1)",
            leaf(Ty.INT, scope),
            leaf(one(Ty.FLOAT, Ty.NUMERIC), scope));
      default:
    }
    Ty type = scalar();
    return Ex.of(
        Ty.BOOL,
        "($0 " + one(COMPARISONS) + " $1)",
        any(type, scope, depth),
        any(type, scope, depth));
  }

  private Ex date(List<Col> scope, int depth) {
    Ex a = any(Ty.DATE, scope, depth);
    String count = one("1", "-1", "31", "12");
    return switch (up(6)) {
      case 0, 1 -> {
        String part = one("DAY", "WEEK", "MONTH", "YEAR");
        yield Ex.of(
            Ty.DATE,
            one("DATE_ADD", "DATE_ADD") + "($0, INTERVAL " + count + " " + part + ")",
            "CAST($0 + INTERVAL (" + count + ") " + part + " AS DATE)",
            a);
      }
      case 2 -> {
        String[] part =
            one(
                new String[] {"MONTH", "month"},
                new String[] {"YEAR", "year"},
                new String[] {"QUARTER", "quarter"},
                new String[] {"ISOWEEK", "week"},
                new String[] {"WEEK(MONDAY)", "week"});
        yield Ex.of(
            Ty.DATE,
            "DATE_TRUNC($0, " + part[0] + ")",
            "CASE WHEN $0 IS NOT NULL THEN CAST(date_trunc('" + part[1] + "', $0) AS DATE) END",
            a);
      }
      case 3 -> Ex.of(Ty.DATE, "LAST_DAY($0)", a);
      case 4 -> Ex.of(Ty.DATE, "DATE($0)", "CAST($0 AS DATE)", any(Ty.TIMESTAMP, scope, depth));
      default -> Ex.of(Ty.DATE, "DATE_SUB($0, INTERVAL 1 DAY)", "($0 - 1)", a);
    };
  }

  private Ex timestamp(List<Col> scope, int depth) {
    Ex a = any(Ty.TIMESTAMP, scope, depth);
    String count = one("1", "-1", "61", "3600");
    return switch (up(4)) {
      case 0, 1 -> {
        String part = one("SECOND", "MINUTE", "HOUR", "DAY", "MILLISECOND");
        yield Ex.of(
            Ty.TIMESTAMP,
            "TIMESTAMP_ADD($0, INTERVAL " + count + " " + part + ")",
            "($0 + INTERVAL (" + count + ") " + part + ")",
            a);
      }
      case 2 -> {
        String part = one("SECOND", "MINUTE", "HOUR", "DAY", "MONTH", "YEAR");
        yield Ex.of(
            Ty.TIMESTAMP,
            "TIMESTAMP_TRUNC($0, " + part + ")",
            "CASE WHEN $0 IS NOT NULL THEN CAST(date_trunc('" + part + "', $0) AS TIMESTAMP) END",
            a);
      }
      default ->
          Ex.of(Ty.TIMESTAMP, "TIMESTAMP($0)", "CAST($0 AS TIMESTAMP)", any(Ty.DATE, scope, depth));
    };
  }

  private Ex array(Ty type, List<Col> scope, int depth) {
    Ex a = leaf(type, scope);
    String low = type == Ty.INTS ? "1" : "'a'";
    return switch (up(5)) {
      case 0 -> Ex.of(type, "ARRAY_CONCAT($0, $1)", CONCAT, a, leaf(type, scope));
      case 1 -> Ex.of(type, "ARRAY_REVERSE($0)", "list_reverse($0)", a);
      case 2 ->
          Ex.of(
              type,
              "ARRAY(SELECT e FROM UNNEST($0) AS e WITH OFFSET AS o WHERE e > "
                  + low
                  + " ORDER BY o)",
              "COALESCE(list_filter($0, lambda e : e > " + low + "), [])",
              a);
      case 3 -> {
        Ex made = queries.arraySubquery(type, scope);
        yield made == null ? a : made;
      }
      default ->
          Ex.of(
              type,
              "IF($0, $1, $2)",
              "CASE WHEN $0 THEN $1 ELSE $2 END",
              any(Ty.BOOL, scope, depth - 1),
              a,
              leaf(type, scope));
    };
  }

  private static final String CONCAT =
      "CASE WHEN $0 IS NULL OR $1 IS NULL THEN NULL ELSE list_concat($0, $1) END";

  /** A value out of a STRUCT, or of an array. */
  private Ex ofStructOrArray(Ty type, List<Col> scope, int depth) {
    Ex value = any(type, scope, depth - 1);
    Ex other = leaf(scalar(), scope);
    int kind = up(4);
    if (kind == 1 && type == Ty.INT) {
      Ex array = any(one(Ty.INTS, Ty.STRINGS), scope, 1);
      return Ex.of(type, "ARRAY_LENGTH($0)", "len($0)", array);
    } else if (kind >= 2 && (type == Ty.INT || type == Ty.STRING)) {
      Ex array = any(type == Ty.INT ? Ty.INTS : Ty.STRINGS, scope, 1);
      return kind == 2
          ? Ex.of(type, "$0[SAFE_OFFSET(1)]", "($0)[2]", array)
          : Ex.of(type, "(SELECT MAX(e) FROM UNNEST($0) AS e)", "list_max($0)", array);
    }
    return Ex.of(
        type,
        "STRUCT($0 AS x, $1 AS y).x",
        "struct_extract(struct_pack(x := $0, y := $1), 'x')",
        value,
        other);
  }

  /** Conditions over the columns, joined with AND. */
  Ex condition(List<Col> scope, int depth) {
    return bool(scope, depth);
  }

  List<Ex> several(int count, List<Col> scope, int depth) {
    List<Ex> out = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      out.add(any(scalar(), scope, depth));
    }
    return out;
  }
}
