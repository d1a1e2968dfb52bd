package dev.beamline.sql.fuzz;

/**
 * A window function over a table: TUMBLE, HOP, CUMULATE or SESSION, of whole seconds.
 *
 * @param step the period of HOP, the step of CUMULATE
 * @param size the size, or the gap of SESSION
 * @param offset of TUMBLE and HOP
 * @param key of SESSION: the column that has its own sessions
 */
record Windows(String function, int step, int size, int offset, String key) {

  String text(Dialect dialect, String table) {
    return dialect == Dialect.GOOGLE ? google(table) : duck(table);
  }

  private String google(String table) {
    String lengths =
        switch (function) {
          case "TUMBLE" -> seconds(size) + (offset == 0 ? "" : ", " + seconds(offset));
          case "HOP" ->
              seconds(step) + ", " + seconds(size) + (offset == 0 ? "" : ", " + seconds(offset));
          case "CUMULATE" -> seconds(step) + ", " + seconds(size);
          default -> seconds(size);
        };
    String partition = function.equals("SESSION") ? " PARTITION BY " + key : "";
    return "TABLE("
        + function
        + "(TABLE "
        + table
        + partition
        + ", DESCRIPTOR(ts), "
        + lengths
        + "))";
  }

  private static String seconds(int count) {
    return "INTERVAL " + count + " SECOND";
  }

  private String duck(String table) {
    String micros = "epoch_us(ts)";
    return switch (function) {
      case "TUMBLE" -> aligned(table, size, size);
      case "HOP" -> aligned(table, step, size);
      case "CUMULATE" ->
          "(SELECT r.*, make_timestamp(s) AS window_start, make_timestamp(e) AS window_end FROM"
              + " (SELECT *, "
              + floor(micros, size, 0)
              + " AS s FROM "
              + table
              + ") r, LATERAL (SELECT UNNEST(RANGE(s + "
              + step
              + "000000, s + "
              + size
              + "000001, "
              + step
              + "000000)) AS e) WHERE epoch_us(ts) < e)";
      default ->
          "(SELECT * EXCLUDE (g, n), min(ts) OVER (PARTITION BY "
              + key
              + ", n) AS window_start, max(ts) OVER (PARTITION BY "
              + key
              + ", n) + "
              + seconds(size)
              + " AS window_end FROM (SELECT *, sum(g) OVER (PARTITION BY "
              + key
              + " ORDER BY ts, id ROWS UNBOUNDED PRECEDING) AS n FROM (SELECT *, CASE WHEN ts - lag(ts)"
              + " OVER (PARTITION BY "
              + key
              + " ORDER BY ts, id) < "
              + seconds(size)
              + " THEN 0 ELSE 1 END AS g FROM "
              + table
              + ")))";
    };
  }

  private String aligned(String table, int period, int length) {
    return "(SELECT r.* EXCLUDE (s), make_timestamp(w) AS window_start, make_timestamp(w + "
        + length
        + "000000) AS window_end FROM (SELECT *, "
        + floor("epoch_us(ts)", period, offset)
        + " AS s FROM "
        + table
        + ") r, LATERAL (SELECT UNNEST(RANGE(s, s - "
        + length
        + "000000, -"
        + period
        + "000000)) AS w) WHERE epoch_us(ts) < w + "
        + length
        + "000000)";
  }

  /** The largest start of a window that is not behind the time. */
  private static String floor(String micros, int period, int offset) {
    String shifted = "(" + micros + " - " + offset + "000000)";
    String unit = period + "000000";
    return "(" + micros + " - ((" + shifted + " % " + unit + ") + " + unit + ") % " + unit + ")";
  }
}
