package dev.beamline.sql;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlQuery;
import dev.beamline.sql.ast.SqlStatement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tables that statements name in FROM, wherever in them, without their common tables. Walks the
 * records of the tree by their components, so that new kinds of nodes need nothing here.
 */
public final class TableReferences {

  private final Map<String, Place> found = new LinkedHashMap<>();

  private TableReferences() {}

  /** Names, with the place of each one's first reference. */
  public static Map<String, Place> of(List<SqlStatement> statements) {
    TableReferences references = new TableReferences();
    statements.forEach(statement -> references.walk(statement, Set.of()));
    return references.found;
  }

  private void walk(@Nullable Object node, Set<String> commonTables) {
    if (node instanceof List<?> list) {
      list.forEach(item -> walk(item, commonTables));
    } else if (node instanceof SqlQuery query) {
      walkQuery(query, commonTables);
    } else if (node instanceof SqlQuery.TableName table) {
      String name = table.path().stream().map(Identifier::name).collect(Collectors.joining("."));
      if (!commonTables.contains(name)) {
        found.putIfAbsent(name, table.place());
      }
    } else if (node instanceof Record && node.getClass().getName().startsWith("dev.beamline.sql")) {
      for (RecordComponent component : node.getClass().getRecordComponents()) {
        walk(value(component, node), commonTables);
      }
    }
  }

  /**
   * A common table is known to those after it and to the body; to itself where WITH is RECURSIVE.
   */
  private void walkQuery(SqlQuery query, Set<String> outer) {
    Set<String> commonTables = new HashSet<>(outer);
    if (query.recursive()) {
      query.with().forEach(table -> commonTables.add(table.name().name()));
    }
    for (SqlQuery.CommonTable table : query.with()) {
      walk(table.query(), Set.copyOf(commonTables));
      commonTables.add(table.name().name());
    }
    walk(query.body(), commonTables);
    walk(query.orderBy(), commonTables);
    walk(query.limit(), commonTables);
    walk(query.offset(), commonTables);
  }

  private static @Nullable Object value(RecordComponent component, Object node) {
    try {
      return component.getAccessor().invoke(node);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(component + " of a record of the syntax tree", e);
    }
  }
}
