package dev.beamline.sql.analyzer;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Functions of other dialects (Flink, Calcite, Spark, PostgreSQL, MySQL, Snowflake, T-SQL) and what
 * GoogleSQL writes instead: for hints only.
 */
final class ForeignFunctions {

  private static final Map<String, String> INSTEAD = new HashMap<>();

  static {
    for (String part :
        new String[] {
          "YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND"
        }) {
      INSTEAD.put(part, "EXTRACT(" + part + " FROM x)");
    }
    put("EXTRACT(DAYOFWEEK FROM x), with Sunday as 1", "DAYOFWEEK", "WEEKDAY");
    put("EXTRACT(DAY FROM x)", "DAYOFMONTH");
    put("EXTRACT(DAYOFYEAR FROM x)", "DAYOFYEAR");
    put("EXTRACT(part FROM x)", "DATE_PART", "DATEPART");
    put(
        "FORMAT_TIMESTAMP('%F', ts), or FORMAT_DATE, FORMAT_DATETIME, FORMAT_TIME; their elements"
            + " are strftime's: yyyy-MM-dd is %Y-%m-%d, HH:mm:ss is %H:%M:%S",
        "DATE_FORMAT", "TIME_FORMAT", "STRFTIME");
    put("FORMAT_TIMESTAMP(format, ts), or CAST(x AS STRING FORMAT 'YYYY-MM-DD')", "TO_CHAR");
    put("PARSE_TIMESTAMP(format, s), or TIMESTAMP(s)", "TO_TIMESTAMP", "STR_TO_DATE", "STRPTIME");
    put("PARSE_DATE(format, s), or DATE(s)", "TO_DATE");
    put("TIMESTAMP_MILLIS(n), TIMESTAMP_SECONDS(n)", "TO_TIMESTAMP_LTZ", "FROM_UNIXTIME");
    put("UNIX_SECONDS(ts)", "UNIX_TIMESTAMP", "TO_UNIXTIME", "EPOCH");
    put("TIMESTAMP_DIFF(later, earlier, part)", "TIMESTAMPDIFF", "DATEDIFF");
    put("TIMESTAMP_ADD(ts, INTERVAL n part)", "TIMESTAMPADD", "DATEADD");
    put(
        "the event-time column: results depend on when events happened, not on when they are"
            + " processed, and so are the same each time",
        "PROCTIME");
    put("DESCRIPTOR of the event-time column; it needs no function", "ROWTIME");
    put("CURRENT_TIMESTAMP()", "NOW", "GETDATE", "SYSDATE", "LOCALTIMESTAMP", "GETUTCDATE");
    put("SPLIT(s, delimiter)[SAFE_OFFSET(n)]", "SPLIT_INDEX", "SPLIT_PART");
    put("SPLIT(s, delimiter)", "STRING_SPLIT", "STRING_TO_ARRAY", "REGEXP_SPLIT_TO_ARRAY");
    put("STRING_AGG(x, ',')", "LISTAGG", "GROUP_CONCAT", "WM_CONCAT");
    put("ARRAY_AGG(x IGNORE NULLS)", "COLLECT", "COLLECT_LIST", "COLLECT_SET", "LIST");
    put("ARRAY_LENGTH(x)", "CARDINALITY", "SIZE", "LIST_LENGTH");
    put("x IN UNNEST(array)", "ARRAY_CONTAINS", "CONTAINS");
    put(
        "REGEXP_CONTAINS(s, r'...')",
        "REGEXP_LIKE",
        "REGEXP",
        "RLIKE",
        "REGEXP_MATCHES",
        "SIMILAR");
    put("STRPOS(s, part), or INSTR", "POSITION", "CHARINDEX", "LOCATE");
    put("LENGTH(s)", "LEN", "STRLEN");
    put("CONCAT(a, sep, b), or ARRAY_TO_STRING([a, b], sep)", "CONCAT_WS");
    put("SUBSTR(s, start, length)", "MID");
    put("TO_BASE64(CAST(s AS BYTES))", "BASE64");
    put("TO_HEX(MD5(s))", "HASH", "HASHBYTES");
    put("SAFE_CAST(x AS type)", "TRY_CAST", "TRY_CONVERT");
    put("CAST(x AS type)", "CONVERT", "TO_NUMBER", "TO_DECIMAL");
    put("IFNULL(x, y), or x IS NULL", "ISNULL", "IFNA");
    put("IF(condition, x, y)", "IIF", "IFF");
    put("CASE x WHEN a THEN b ELSE c END", "DECODE");
    put("x IS NOT DISTINCT FROM y", "EQUAL_NULL", "NULL_SAFE_EQUALS");
    put("RAND()", "RANDOM", "RAND_INTEGER");
    put("GENERATE_UUID()", "UUID", "NEWID", "GEN_RANDOM_UUID");
    put("APPROX_COUNT_DISTINCT(x)", "APPROX_DISTINCT", "NDV", "UNIQ");
    put(
        "APPROX_QUANTILES(x, 100)[OFFSET(n)], or PERCENTILE_CONT(x, 0.5) OVER ()",
        "MEDIAN",
        "PERCENTILE",
        "QUANTILE",
        "APPROX_PERCENTILE",
        "PERCENTILE_APPROX",
        "APPROX_MEDIAN");
    put("MAX_BY(x, y)", "ARGMAX", "ARG_MAX", "LAST");
    put("MIN_BY(x, y)", "ARGMIN", "ARG_MIN", "FIRST");
    put("COUNTIF(condition)", "COUNT_IF", "SUMIF");
    put("LOGICAL_AND(x)", "BOOL_AND", "EVERY");
    put("LOGICAL_OR(x)", "BOOL_OR", "SOME");
    put("VAR_SAMP(x)", "VAR_SAMPLE");
    put("LOG(x, 2)", "LOG2");
    put("TRUNC(x, n)", "TRUNCATE");
    put("JSON_VALUE(json, '$.path')", "GET_JSON_OBJECT", "JSON_EXTRACT_PATH_TEXT");
    put("ARRAY(SELECT ...)", "ARRAY_REMOVE", "ARRAY_DISTINCT", "ARRAY_SORT");
    put("CROSS JOIN UNNEST(array)", "EXPLODE", "POSEXPLODE", "FLATTEN");
    put("STRUCT(a, b)", "ROW", "NAMED_STRUCT");
    put(
        "TIMESTAMP_TRUNC(ts, part), or TUMBLE(ts, INTERVAL n part) for a window", "DATETRUNC",
        "TIME_BUCKET", "TIME_SLICE");
    put("LAST_DAY(date)", "EOMONTH");
  }

  private ForeignFunctions() {}

  private static void put(String instead, String... names) {
    for (String name : names) {
      INSTEAD.put(name, instead);
    }
  }

  /** What GoogleSQL writes for a function of this name, which is in capitals. */
  static Optional<String> instead(String name) {
    return Optional.ofNullable(INSTEAD.get(name))
        .map(
            text ->
                text.startsWith("the event") || text.startsWith("DESC")
                    ? "use " + text
                    : "write " + text);
  }
}
