package dev.beamline.io.bigquery;

import com.google.api.services.bigquery.model.Clustering;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableConstraints;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.api.services.bigquery.model.TimePartitioning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares a table that is there with the one that is wanted. Columns may be added, and what only
 * describes or speeds up may change; all else is refused, with the statement to run.
 */
final class TableComparison {

  /** Types that a column may be changed to in BigQuery without losing a value. */
  private static final Map<String, Set<String>> WIDER =
      Map.of(
          "INT64", Set.of("NUMERIC", "BIGNUMERIC", "FLOAT64"),
          "NUMERIC", Set.of("BIGNUMERIC", "FLOAT64"));

  private final TableId id;
  private final Table there;
  private final Table wanted;
  private final List<String> changes = new ArrayList<>();
  private final List<TableRefusal> refusals = new ArrayList<>();

  private TableComparison(TableId id, Table there, Table wanted) {
    this.id = id;
    this.there = there;
    this.wanted = wanted;
  }

  static TableChange compare(TableId id, Table there, Table wanted) {
    return new TableComparison(id, there, wanted).compare();
  }

  private TableChange compare() {
    Table patch = new Table();
    if (there.getView() != null) {
      refuse("is a view", "DROP VIEW " + id.quoted());
      return result(null);
    }
    int before = changes.size();
    List<TableFieldSchema> merged = merge(fields(there), fields(wanted), "");
    if (changes.size() > before) {
      patch.setSchema(new TableSchema().setFields(merged));
    }
    partitioning();
    primaryKey();
    clustering(patch);
    if (wanted.getDescription() != null
        && !wanted.getDescription().equals(there.getDescription())) {
      patch.setDescription(wanted.getDescription());
      changes.add("description");
    }
    labels(patch);
    return result(changes.isEmpty() ? null : patch);
  }

  private TableChange result(@Nullable Table patch) {
    return new TableChange(id, null, refusals.isEmpty() ? patch : null, changes, refusals);
  }

  private static List<TableFieldSchema> fields(Table table) {
    TableSchema schema = table.getSchema();
    return schema == null || schema.getFields() == null ? List.of() : schema.getFields();
  }

  private List<TableFieldSchema> merge(
      List<TableFieldSchema> old, List<TableFieldSchema> now, String path) {
    Map<String, TableFieldSchema> byName = new LinkedHashMap<>();
    now.forEach(field -> byName.put(field.getName().toLowerCase(Locale.ROOT), field));
    List<TableFieldSchema> merged = new ArrayList<>();
    for (TableFieldSchema field : old) {
      TableFieldSchema other = byName.remove(field.getName().toLowerCase(Locale.ROOT));
      String name = path + field.getName();
      if (other == null) {
        refuse(
            "has the column " + name + ", which the query does not give",
            path.isEmpty() ? alter("DROP COLUMN `" + field.getName() + "`") : rename());
        merged.add(field);
      } else {
        merged.add(field(field, other, name, path.isEmpty()));
      }
    }
    for (TableFieldSchema added : byName.values()) {
      changes.add("add column " + path + added.getName() + " " + BigQueryTypes.sql(added));
      merged.add(added);
    }
    return merged;
  }

  private TableFieldSchema field(
      TableFieldSchema old, TableFieldSchema now, String name, boolean top) {
    String oldType = BigQueryTypes.typeName(old.getType());
    String newType = BigQueryTypes.typeName(now.getType());
    boolean wasArray = "REPEATED".equals(old.getMode());
    boolean isArray = "REPEATED".equals(now.getMode());
    TableFieldSchema merged = old.clone();
    if (!oldType.equals(newType) || wasArray != isArray) {
      boolean wider =
          !wasArray && !isArray && WIDER.getOrDefault(oldType, Set.of()).contains(newType);
      refuse(
          "has the column "
              + name
              + " with type "
              + BigQueryTypes.sql(old)
              + ", but the query gives "
              + BigQueryTypes.sql(now),
          !top
              ? rename()
              : alter(
                  wider
                      ? "ALTER COLUMN `" + old.getName() + "` SET DATA TYPE " + newType
                      : "DROP COLUMN `" + old.getName() + "`"));
      return merged;
    }
    if ("REQUIRED".equals(old.getMode())) {
      refuse(
          "has the column " + name + " as NOT NULL, but the query may give NULL",
          top ? alter("ALTER COLUMN `" + old.getName() + "` DROP NOT NULL") : rename());
    }
    if (now.getFields() != null) {
      merged.setFields(
          merge(
              old.getFields() == null ? List.of() : old.getFields(), now.getFields(), name + "."));
    }
    if (now.getDescription() != null && !now.getDescription().equals(old.getDescription())) {
      merged.setDescription(now.getDescription());
      changes.add("description of column " + name);
    }
    return merged;
  }

  private void partitioning() {
    TimePartitioning old = there.getTimePartitioning();
    TimePartitioning now = wanted.getTimePartitioning();
    boolean same =
        now == null
            ? old == null
            : old != null
                && now.getType().equals(old.getType())
                && now.getField().equalsIgnoreCase(String.valueOf(old.getField()));
    if (!same) {
      refuse(
          "is partitioned "
              + by(old)
              + ", but the sink says "
              + by(now)
              + ", and BigQuery cannot"
              + " change that of a table",
          rename());
    }
  }

  private static String by(@Nullable TimePartitioning partitioning) {
    return partitioning == null
        ? "by nothing"
        : "by "
            + (partitioning.getField() == null ? "the time of loading" : partitioning.getField())
            + " each "
            + partitioning.getType().toLowerCase(Locale.ROOT);
  }

  private void primaryKey() {
    List<String> old = key(there);
    List<String> now = key(wanted);
    if (same(old, now)) {
      return;
    }
    String list = "`" + String.join("`, `", now) + "`";
    if (now.isEmpty()) {
      refuse(
          "has the primary key " + String.join(", ", old) + ", but the query appends",
          alter("DROP PRIMARY KEY"));
    } else if (old.isEmpty()) {
      refuse(
          "has no primary key, but the query upserts by " + String.join(", ", now),
          alter("ADD PRIMARY KEY (" + list + ") NOT ENFORCED"));
    } else {
      refuse(
          "has the primary key "
              + String.join(", ", old)
              + ", but the query upserts by "
              + String.join(", ", now),
          alter("DROP PRIMARY KEY") + "; " + alter("ADD PRIMARY KEY (" + list + ") NOT ENFORCED"));
    }
  }

  private static List<String> key(Table table) {
    TableConstraints constraints = table.getTableConstraints();
    return constraints == null
            || constraints.getPrimaryKey() == null
            || constraints.getPrimaryKey().getColumns() == null
        ? List.of()
        : constraints.getPrimaryKey().getColumns();
  }

  private void clustering(Table patch) {
    Clustering now = wanted.getClustering();
    Clustering old = there.getClustering();
    if (now != null && (old == null || !same(now.getFields(), old.getFields()))) {
      patch.setClustering(now);
      changes.add("cluster by " + String.join(", ", now.getFields()));
    }
  }

  private void labels(Table patch) {
    Map<String, String> now = wanted.getLabels();
    if (now == null) {
      return;
    }
    Map<String, String> old = there.getLabels() == null ? Map.of() : there.getLabels();
    Map<String, String> differing = new LinkedHashMap<>();
    now.forEach(
        (name, value) -> {
          if (!Objects.equals(old.get(name), value)) {
            differing.put(name, value);
            changes.add("label " + name + "=" + value);
          }
        });
    if (!differing.isEmpty()) {
      patch.setLabels(differing);
    }
  }

  private static boolean same(List<String> a, List<String> b) {
    return String.join(",", a).equalsIgnoreCase(String.join(",", b));
  }

  private void refuse(String what, String statement) {
    refusals.add(new TableRefusal("the table " + id + " " + what, statement));
  }

  private String alter(String what) {
    return "ALTER TABLE " + id.quoted() + " " + what;
  }

  /** After it the next run makes the table anew. */
  private String rename() {
    return alter("RENAME TO `" + id.table() + "_old`");
  }
}
