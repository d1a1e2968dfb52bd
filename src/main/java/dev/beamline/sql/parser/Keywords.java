package dev.beamline.sql.parser;

import java.util.List;
import java.util.Set;

/** The words of the language. */
final class Keywords {

  /**
   * What GoogleSQL reserves: these need backticks where they are names. Every other word is a plain
   * identifier everywhere. Source: "Reserved keywords" of BigQuery's lexical structure.
   */
  private static final Set<String> RESERVED =
      Set.of(
          ("ALL AND ANY ARRAY AS ASC ASSERT_ROWS_MODIFIED AT BETWEEN BY CASE CAST COLLATE CONTAINS"
                  + " CREATE CROSS CUBE CURRENT DEFAULT DEFINE DESC DISTINCT ELSE END ENUM ESCAPE"
                  + " EXCEPT EXCLUDE EXISTS EXTRACT FALSE FETCH FOLLOWING FOR FROM FULL GROUP"
                  + " GROUPING GROUPS HASH HAVING IF IGNORE IN INNER INTERSECT INTERVAL INTO IS"
                  + " JOIN LATERAL LEFT LIKE LIMIT LOOKUP MERGE NATURAL NEW NO NOT NULL NULLS OF"
                  + " ON OR ORDER OUTER OVER PARTITION PRECEDING PROTO QUALIFY RANGE RECURSIVE"
                  + " RESPECT RIGHT ROLLUP ROWS SELECT SET SOME STRUCT TABLESAMPLE THEN TO TREAT"
                  + " TRUE UNBOUNDED UNION UNNEST USING WHEN WHERE WINDOW WITH WITHIN")
              .split(" "));

  /** Reserved words that are also functions. */
  private static final Set<String> FUNCTIONS = Set.of("IF", "LEFT", "RIGHT", "GROUPING", "COLLATE");

  /** Reserved words that usually stand where they belong, so that they are not a misplaced name. */
  private static final Set<String> STRUCTURAL =
      Set.of(
          ("ALL AND AS BETWEEN BY CASE CREATE CROSS DISTINCT ELSE END EXCEPT EXISTS FROM GROUP"
                  + " HAVING IN INNER INTERSECT IS JOIN LEFT LIKE LIMIT NATURAL NOT ON OR ORDER OUTER"
                  + " OVER PARTITION QUALIFY RIGHT SELECT THEN UNION USING WHEN WHERE WINDOW WITH")
              .split(" "));

  /** Functions that may be called without parentheses. */
  private static final Set<String> NILADIC =
      Set.of(
          "CURRENT_DATE", "CURRENT_DATETIME", "CURRENT_TIME", "CURRENT_TIMESTAMP", "SESSION_USER");

  /** What may follow the FROM clause; where a typing mistake makes one of them a table's alias. */
  static final List<String> CLAUSES =
      List.of(
          "FROM",
          "WHERE",
          "GROUP",
          "HAVING",
          "QUALIFY",
          "WINDOW",
          "ORDER",
          "LIMIT",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "JOIN",
          "INNER",
          "LEFT",
          "RIGHT",
          "FULL",
          "CROSS");

  private Keywords() {}

  static boolean isReserved(String upper) {
    return RESERVED.contains(upper);
  }

  static boolean isFunction(String upper) {
    return FUNCTIONS.contains(upper);
  }

  static boolean isStructural(String upper) {
    return STRUCTURAL.contains(upper);
  }

  static boolean isNiladic(String upper) {
    return NILADIC.contains(upper);
  }
}
