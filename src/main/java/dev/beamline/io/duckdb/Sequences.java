package dev.beamline.io.duckdb;

import dev.beamline.io.SinkTable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The sequence of the newest change of each key, also of keys whose row was withdrawn: a table
 * beside each upsert table, in a schema of its own, out of the sight of readers.
 */
final class Sequences {

  static final String SCHEMA = "_beamline";

  private Sequences() {}

  /** In quotes, with its schema. */
  static String tableName(String target) {
    return SCHEMA + "." + DuckDbTypes.quote("sequence_of_" + target);
  }

  static String create(SinkTable table, String target) {
    String columns =
        table.key().stream()
            .map(i -> keyColumn(i) + " " + DuckDbTypes.ddl(table.schema().type(i)))
            .collect(Collectors.joining(", "));
    return "CREATE TABLE IF NOT EXISTS "
        + tableName(target)
        + " ("
        + columns
        + ", run VARCHAR, sequence BIGINT)";
  }

  /** The key's column in the sequence table. */
  static String keyColumn(int index) {
    return "k" + index;
  }

  /** The statements that put a batch (columns c0 ..., withdrawn, sequence) into its table. */
  static List<String> merge(SinkTable table, String target, String run, List<String> selected) {
    String sequences = tableName(target);
    String sameKey =
        table.key().stream()
            .map(i -> "s." + keyColumn(i) + " IS NOT DISTINCT FROM " + selected.get(i))
            .collect(Collectors.joining(" AND "));
    String sameRow =
        table.key().stream()
            .map(
                i ->
                    "t."
                        + DuckDbTypes.quote(table.schema().name(i))
                        + " IS NOT DISTINCT FROM "
                        + selected.get(i))
            .collect(Collectors.joining(" AND "));
    String keys = table.key().stream().map(selected::get).collect(Collectors.joining(", "));
    String quotedTarget = DuckDbTypes.quote(target);
    String quotedRun = DuckDbTypes.literal(run);
    return List.of(
        "DELETE FROM batch b USING "
            + sequences
            + " s WHERE "
            + sameKey
            + " AND s.run = "
            + quotedRun
            + " AND s.sequence >= b.sequence",
        "DELETE FROM " + quotedTarget + " t USING batch b WHERE " + sameRow,
        "DELETE FROM " + sequences + " s USING batch b WHERE " + sameKey,
        "INSERT INTO "
            + quotedTarget
            + " SELECT "
            + String.join(", ", selected)
            + " FROM batch b WHERE NOT b.withdrawn",
        "INSERT INTO "
            + sequences
            + " SELECT "
            + keys
            + ", "
            + quotedRun
            + ", b.sequence FROM batch b");
  }
}
