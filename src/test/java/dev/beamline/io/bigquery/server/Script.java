package dev.beamline.io.bigquery.server;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * DML statements, one or some: DELETE FROM t WHERE ..., INSERT INTO t (columns) SELECT ..., between
 * BEGIN TRANSACTION and COMMIT TRANSACTION or each for itself. As BigQuery does, DELETE refuses
 * tables that changes by key were written to.
 */
final class Script {

  private static final Pattern FIRST =
      Pattern.compile("(?is)\\s*(BEGIN|DELETE|INSERT|COMMIT|MERGE|UPDATE|TRUNCATE)\\b.*");
  private static final Pattern DELETE =
      Pattern.compile("(?is)DELETE\\s+(?:FROM\\s+)?`([^`]+)`\\s+WHERE\\s+(.*)");
  private static final Pattern INSERT =
      Pattern.compile("(?is)INSERT\\s+(?:INTO\\s+)?`([^`]+)`\\s*\\(([^)]*)\\)\\s*(SELECT\\b.*)");
  private static final Pattern PLAIN_SELECT =
      Pattern.compile("(?is)SELECT\\s+([`\\w\\s,]+?)\\s+FROM\\s+`([^`]+)`");

  private final Tables tables;
  private final String project;
  private final Map<StoredTable, Changes> changes = new LinkedHashMap<>();

  /** What a transaction does to a table when it commits. */
  private record Changes(Set<Map<String, Object>> removed, List<Map<String, Object>> added) {}

  Script(Tables tables, String project) {
    this.tables = tables;
    this.project = project;
  }

  static boolean isOne(String sql) {
    return FIRST.matcher(sql).matches();
  }

  void run(String sql) {
    boolean transaction = false;
    for (String part : sql.split(";")) {
      String statement = part.strip();
      String upper = statement.toUpperCase();
      if (statement.isEmpty()) {
        continue;
      }
      if (upper.startsWith("BEGIN")) {
        transaction = true;
      } else if (upper.startsWith("COMMIT")) {
        commit();
        transaction = false;
      } else {
        statement(statement);
        if (!transaction) {
          commit();
        }
      }
    }
    if (transaction) {
      throw ApiException.invalid("Transaction was not committed");
    }
  }

  private void statement(String statement) {
    Matcher delete = DELETE.matcher(statement);
    Matcher insert = INSERT.matcher(statement);
    if (delete.matches()) {
      StoredTable table = table(delete.group(1));
      if (table.takesChanges()) {
        throw ApiException.invalid(
            "DELETE is not supported on table "
                + table.qualifiedName()
                + " with change data capture (CDC) upserts");
      }
      of(table).removed().addAll(new TableSql(tables).filter(table, delete.group(2)));
    } else if (insert.matches()) {
      insert(table(insert.group(1)), names(insert.group(2)), insert.group(3));
    } else {
      throw ApiException.invalid("statement not known here: " + statement);
    }
  }

  private void insert(StoredTable table, List<String> columns, String select) {
    Matcher plain = PLAIN_SELECT.matcher(select.strip());
    List<Map<String, Object>> rows;
    List<String> from;
    if (plain.matches()) {
      // Copied as they are, with their arrays and structs.
      rows = table(plain.group(2)).rows();
      from = names(plain.group(1));
    } else {
      TableSql.Result result = new TableSql(tables).rows(select, project);
      rows = result.rows();
      from = result.fields().stream().map(Field::name).toList();
    }
    if (from.size() != columns.size()) {
      throw ApiException.invalid("Inserted row has wrong column count");
    }
    List<String> known = table.fields().stream().map(Field::name).toList();
    for (String column : columns) {
      if (!known.contains(column)) {
        throw ApiException.invalid("Column " + column + " is not present in table");
      }
    }
    for (Map<String, Object> row : rows) {
      Map<String, Object> added = new LinkedHashMap<>();
      for (Field field : table.fields()) {
        added.put(field.name(), field.repeated() ? List.of() : null);
      }
      for (int i = 0; i < columns.size(); i++) {
        added.put(columns.get(i), row.get(from.get(i)));
      }
      String problem = table.problem(added);
      if (problem != null) {
        throw ApiException.invalid(problem);
      }
      of(table).added().add(added);
    }
  }

  private static List<String> names(String list) {
    List<String> names = new ArrayList<>();
    for (String name : list.split(",")) {
      names.add(name.replace("`", "").strip());
    }
    return names;
  }

  private StoredTable table(String dotted) {
    String[] parts = dotted.split("\\.");
    return parts.length == 2
        ? tables.need(project, parts[0], parts[1])
        : tables.need(parts[0], parts[1], parts[2]);
  }

  private Changes of(StoredTable table) {
    return changes.computeIfAbsent(
        table,
        t -> new Changes(Collections.newSetFromMap(new IdentityHashMap<>()), new ArrayList<>()));
  }

  private void commit() {
    changes.forEach((table, change) -> table.replace(change.removed(), change.added()));
    changes.clear();
  }
}
