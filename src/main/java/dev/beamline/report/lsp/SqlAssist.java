package dev.beamline.report.lsp;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.Place;
import dev.beamline.project.ColumnDefinition;
import dev.beamline.project.Query;
import dev.beamline.project.QueryFile;
import dev.beamline.project.Source;
import dev.beamline.sql.CompiledProject;
import dev.beamline.sql.ast.SqlStatement;
import dev.beamline.sql.parser.SqlWords;
import dev.beamline.sql.parser.SqlWords.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionItemKind;
import org.jspecify.annotations.Nullable;

/** Completion, hover and definitions in a file of SQL. */
final class SqlAssist {

  private static final List<String> KEYWORDS =
      List.of(
          "SELECT",
          "FROM",
          "WHERE",
          "GROUP BY",
          "HAVING",
          "QUALIFY",
          "ORDER BY",
          "LIMIT",
          "WITH",
          "JOIN",
          "LEFT JOIN",
          "CROSS JOIN",
          "UNNEST",
          "ON",
          "USING",
          "AS",
          "AND",
          "OR",
          "NOT",
          "IN",
          "BETWEEN",
          "LIKE",
          "IS NULL",
          "IS NOT NULL",
          "CASE",
          "WHEN",
          "THEN",
          "ELSE",
          "END",
          "DISTINCT",
          "INTERVAL",
          "OVER",
          "PARTITION BY",
          "UNION ALL",
          "CAST",
          "EXISTS");

  private final CompiledProject compiled;
  private final Tables tables;
  private final SqlText text;

  SqlAssist(CompiledProject compiled, String text) {
    this.compiled = compiled;
    this.tables = new Tables(compiled);
    this.text = new SqlText(text);
  }

  /** What may stand at an offset. */
  List<CompletionItem> complete(int offset) {
    SqlText.Point point = text.point(offset);
    Optional<List<String>> path = text.pathUpTo(point.before());
    List<CompletionItem> items = new ArrayList<>();
    if (path.isPresent()) {
      members(path.get()).forEach(column -> items.add(column(column, "1")));
      return items;
    }
    boolean table = text.expectsTable(point.before());
    for (String name : tables.names()) {
      items.add(table(name, table ? "0" : "4"));
    }
    if (table) {
      return items;
    }
    Map<String, CompletionItem> columns = new LinkedHashMap<>();
    for (Map.Entry<String, String> alias : text.aliases().entrySet()) {
      tables
          .schema(alias.getValue())
          .map(Schema::columns)
          .orElse(List.of())
          .forEach(
              column -> {
                CompletionItem item = column(column, "1");
                item.setDetail(item.getDetail() + "  " + alias.getValue());
                columns.putIfAbsent(column.name(), item);
              });
      columns.putIfAbsent(alias.getKey(), table(alias.getKey(), "2"));
    }
    items.addAll(columns.values());
    for (String function : FunctionDocs.names()) {
      CompletionItem item = new CompletionItem(function);
      item.setKind(CompletionItemKind.Function);
      item.setDetail(FunctionDocs.kind(function));
      item.setInsertText(function + "(");
      item.setSortText("3" + function);
      items.add(item);
    }
    libraryFunctions().forEach((name, file) -> items.add(library(name, file)));
    for (String keyword : KEYWORDS) {
      CompletionItem item = new CompletionItem(keyword);
      item.setKind(CompletionItemKind.Keyword);
      item.setSortText("5" + keyword);
      items.add(item);
    }
    return items;
  }

  private static CompletionItem library(String name, QueryFile file) {
    CompletionItem item = new CompletionItem(name);
    item.setKind(CompletionItemKind.Function);
    item.setDetail(file.path());
    item.setInsertText(name + "(");
    item.setSortText("3" + name);
    return item;
  }

  private static CompletionItem column(Column column, String sort) {
    CompletionItem item = new CompletionItem(column.name());
    item.setKind(CompletionItemKind.Field);
    item.setDetail(column.type().sql());
    item.setDocumentation(column.description());
    item.setSortText(sort + column.name());
    return item;
  }

  private CompletionItem table(String name, String sort) {
    CompletionItem item = new CompletionItem(name);
    item.setKind(CompletionItemKind.Class);
    item.setDetail(compiled.project().sources().containsKey(name) ? "source" : "query");
    item.setDocumentation(tables.description(name));
    item.setSortText(sort + name);
    return item;
  }

  /** The columns or fields behind a path that begins with a table, an alias or a column. */
  private List<Column> members(List<String> path) {
    for (Map.Entry<String, String> alias : text.aliases().entrySet()) {
      List<Column> columns = tables.schema(alias.getValue()).map(Schema::columns).orElse(List.of());
      if (alias.getKey().equalsIgnoreCase(path.get(0))) {
        return Tables.fields(columns, path.subList(1, path.size()));
      }
    }
    for (String table : text.aliases().values()) {
      List<Column> columns = tables.schema(table).map(Schema::columns).orElse(List.of());
      List<Column> fields = Tables.fields(columns, path);
      if (!fields.isEmpty()) {
        return fields;
      }
    }
    return List.of();
  }

  /** A word's meaning in Markdown, and the word; null: nothing is known. */
  @Nullable Meaning meaning(int offset) {
    int index = text.at(offset);
    if (index < 0) {
      return null;
    }
    Word word = text.words().get(index);
    String name = functionName(index);
    boolean call = next(index, "(");
    if (call && !next(index - 1, ".") || name.contains(".")) {
      Optional<QueryFile> library = Optional.ofNullable(libraryFunctions().get(word.text()));
      if (library.isPresent()) {
        String shown = "**" + word.text() + "** of " + library.get().path();
        return new Meaning(word, shown, function(word.text()));
      }
      Optional<String> docs = FunctionDocs.markdown(name);
      if (docs.isPresent()) {
        return new Meaning(word, docs.get(), null);
      }
    }
    if (text.namesTable(index) && tables.names().contains(word.text())) {
      return new Meaning(word, tables.markdown(word.text()), table(word.text()));
    }
    if (word.kind() == SqlWords.Kind.NAME) {
      Meaning column = column(index, word);
      if (column != null) {
        return column;
      }
      String aliased = text.aliases().get(word.text());
      if (aliased != null) {
        return new Meaning(word, tables.markdown(aliased), table(aliased));
      }
    }
    return FunctionDocs.markdown(word.text())
        .filter(docs -> call)
        .map(docs -> new Meaning(word, docs, null))
        .orElse(null);
  }

  /** {@code NET.HOST} and {@code SAFE.f}. */
  private String functionName(int index) {
    List<String> path = text.pathBefore(index);
    String name = text.words().get(index).text();
    boolean prefixed =
        !path.isEmpty()
            && List.of("NET", "HLL_COUNT").contains(path.get(0).toUpperCase(Locale.ROOT));
    return prefixed ? path.get(0) + "." + name : name;
  }

  private boolean next(int index, String symbol) {
    return index + 1 < text.words().size()
        && index + 1 >= 0
        && text.words().get(index + 1).is(symbol);
  }

  private @Nullable Meaning column(int index, Word word) {
    List<String> path = text.pathBefore(index);
    for (Map.Entry<String, String> alias : text.aliases().entrySet()) {
      List<Column> columns = tables.schema(alias.getValue()).map(Schema::columns).orElse(List.of());
      List<String> inside =
          !path.isEmpty() && alias.getKey().equalsIgnoreCase(path.get(0))
              ? path.subList(1, path.size())
              : path;
      Optional<Column> found = Tables.find(Tables.fields(columns, inside), word.text());
      if (found.isPresent()) {
        String first = inside.isEmpty() ? word.text() : inside.get(0);
        return new Meaning(
            word, markdown(found.get(), alias.getValue()), column(alias.getValue(), first));
      }
    }
    return null;
  }

  private static String markdown(Column column, String table) {
    String text = column.description();
    return "**"
        + column.name()
        + "** `"
        + column.type().sql()
        + "` of "
        + table
        + (text == null ? "" : "\n\n" + text);
  }

  /** Where a table is defined. */
  private @Nullable Place table(String name) {
    Source source = compiled.project().sources().get(name);
    Query query = compiled.project().queries().get(name);
    return source != null ? source.place() : query == null ? null : query.place();
  }

  /** Where a column is defined: in the YAML of its source, or in the file of its query. */
  private @Nullable Place column(String table, String column) {
    Source source = compiled.project().sources().get(table);
    if (source == null) {
      return table(table);
    }
    return source.columns().stream()
        .map(ColumnDefinition::name)
        .filter(name -> name.value().equalsIgnoreCase(column))
        .map(dev.beamline.project.Located::place)
        .findFirst()
        .orElse(source.place());
  }

  private Map<String, QueryFile> libraryFunctions() {
    Map<String, QueryFile> functions = new LinkedHashMap<>();
    for (QueryFile file : compiled.project().functionFiles()) {
      for (SqlStatement statement : statements(file)) {
        if (statement instanceof SqlStatement.CreateFunction function) {
          functions.put(function.name().name(), file);
        }
      }
    }
    return functions;
  }

  private @Nullable Place function(String name) {
    for (QueryFile file : compiled.project().functionFiles()) {
      for (SqlStatement statement : statements(file)) {
        if (statement instanceof SqlStatement.CreateFunction function
            && function.name().name().equalsIgnoreCase(name)) {
          return function.name().place();
        }
      }
    }
    return null;
  }

  private static List<SqlStatement> statements(QueryFile file) {
    return dev.beamline.sql.parser.SqlParser.parse(
            file.path(), file.text(), new dev.beamline.diagnostic.Problems())
        .statements();
  }
}
