package dev.beamline.io.bigquery.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A table and its rows. */
final class StoredTable {

  private final String project;
  private final String dataset;
  private final String name;
  private final List<Map<String, Object>> appended = new ArrayList<>();
  private final Map<List<Object>, Version> byKey = new LinkedHashMap<>();
  private ObjectNode resource;
  private Predicate<Map<String, Object>> refused = row -> false;

  /**
   * A row of a key as the newest change left it.
   *
   * @param row null: deleted
   */
  private record Version(List<Long> sequence, Map<String, Object> row) {}

  StoredTable(String project, String dataset, String name, ObjectNode resource) {
    this.project = project;
    this.dataset = dataset;
    this.name = name;
    this.resource = resource.deepCopy();
    this.resource
        .putObject("tableReference")
        .put("projectId", project)
        .put("datasetId", dataset)
        .put("tableId", name);
    this.resource.put("type", resource.has("view") ? "VIEW" : "TABLE");
    this.resource.put("kind", "bigquery#table");
    this.resource.put("id", project + ":" + dataset + "." + name);
    this.resource.put("creationTime", String.valueOf(System.currentTimeMillis()));
    this.resource.put("location", "EU");
  }

  String path() {
    return "projects/" + project + "/datasets/" + dataset + "/tables/" + name;
  }

  String project() {
    return project;
  }

  String qualifiedName() {
    return project + "." + dataset + "." + name;
  }

  synchronized ObjectNode resource() {
    ObjectNode copy = resource.deepCopy();
    copy.put("numRows", String.valueOf(rows().size()));
    copy.put("numBytes", String.valueOf(100L * rows().size()));
    copy.put("lastModifiedTime", String.valueOf(System.currentTimeMillis()));
    return copy;
  }

  synchronized List<Field> fields() {
    return Field.list(resource.path("schema"));
  }

  synchronized List<String> primaryKey() {
    List<String> key = new ArrayList<>();
    resource
        .path("tableConstraints")
        .path("primaryKey")
        .path("columns")
        .forEach(column -> key.add(column.asText()));
    return key;
  }

  /** As tables.patch and tables.update: keys that are there replace, and a schema may only grow. */
  synchronized void patch(ObjectNode change) {
    if (change.has("schema")) {
      grow(fields(), Field.list(change.path("schema")));
    }
    for (String fixed : List.of("timePartitioning", "clustering")) {
      if (change.has(fixed)
          && !fixed.equals("clustering")
          && !type(change.path(fixed)).equals(type(resource.path(fixed)))) {
        throw ApiException.invalid("Cannot change partitioning/clustering spec for a table.");
      }
    }
    change
        .properties()
        .forEach(
            e -> {
              if (e.getValue().isNull()) {
                resource.remove(e.getKey());
              } else if (e.getKey().equals("labels") && resource.path("labels").isObject()) {
                ObjectNode labels = (ObjectNode) resource.path("labels");
                e.getValue()
                    .properties()
                    .forEach(
                        label -> {
                          if (label.getValue().isNull()) {
                            labels.remove(label.getKey());
                          } else {
                            labels.set(label.getKey(), label.getValue());
                          }
                        });
              } else if (!e.getKey().equals("tableReference")) {
                resource.set(e.getKey(), e.getValue());
              }
            });
  }

  private static String type(JsonNode partitioning) {
    return partitioning.path("type").asText() + "/" + partitioning.path("field").asText();
  }

  private void grow(List<Field> old, List<Field> wanted) {
    Map<String, Field> byName = new LinkedHashMap<>();
    wanted.forEach(field -> byName.put(field.name().toLowerCase(), field));
    for (Field field : old) {
      Field now = byName.remove(field.name().toLowerCase());
      if (now == null
          || !now.type().equals(field.type())
          || (!now.mode().equals(field.mode())
              && !(field.required() && now.mode().equals("NULLABLE")))) {
        throw ApiException.invalid(
            "Provided Schema does not match Table "
                + qualifiedName()
                + ". Field "
                + field.name()
                + (now == null ? " is missing in new schema" : " has changed"));
      }
      grow(field.fields(), now.fields());
    }
    for (Field added : byName.values()) {
      if (added.required() && !old.isEmpty()) {
        throw ApiException.invalid(
            "Provided Schema does not match Table "
                + qualifiedName()
                + ". Cannot add required fields to an existing schema. (field: "
                + added.name()
                + ")");
      }
    }
  }

  synchronized void refuse(Predicate<Map<String, Object>> which) {
    refused = which;
  }

  /** Why a row cannot be in the table, null where it can. */
  synchronized String problem(Map<String, Object> row) {
    for (Field field : fields()) {
      if (field.required() && row.get(field.name()) == null) {
        return "Field " + field.name() + ": missing required value";
      }
    }
    return refused.test(row) ? "Row violates a rule of " + qualifiedName() : null;
  }

  synchronized void append(Map<String, Object> row) {
    appended.add(row);
  }

  /** Whether rows came by key, which DML cannot change. */
  synchronized boolean takesChanges() {
    return !byKey.isEmpty();
  }

  /**
   * Rows that go and rows that come, at once.
   *
   * @param removed the very rows, by identity
   */
  synchronized void replace(
      Collection<Map<String, Object>> removed, List<Map<String, Object>> added) {
    appended.removeIf(removed::contains);
    appended.addAll(added);
  }

  synchronized void truncate() {
    appended.clear();
    byKey.clear();
  }

  /**
   * A change by primary key.
   *
   * @param type UPSERT or DELETE
   * @param sequence of the change; one that is smaller than the key's newest is ignored
   */
  synchronized void change(Map<String, Object> row, String type, List<Long> sequence) {
    List<Object> key = new ArrayList<>();
    primaryKey().forEach(column -> key.add(row.get(column)));
    Version known = byKey.get(key);
    if (known != null && compare(sequence, known.sequence()) < 0) {
      return;
    }
    byKey.put(key, new Version(sequence, type.equals("DELETE") ? null : row));
  }

  private static int compare(List<Long> a, List<Long> b) {
    for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
      long left = i < a.size() ? a.get(i) : 0;
      long right = i < b.size() ? b.get(i) : 0;
      if (left != right) {
        return Long.compareUnsigned(left, right);
      }
    }
    return 0;
  }

  synchronized List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>(appended);
    for (Version version : byKey.values()) {
      if (version.row() != null) {
        rows.add(version.row());
      }
    }
    return rows;
  }
}
