package dev.beamline.report.lsp;

import dev.beamline.diagnostic.Place;
import dev.beamline.project.JsonSchemas;
import dev.beamline.project.Query;
import dev.beamline.project.Source;
import dev.beamline.sql.CompiledProject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionItemKind;
import org.eclipse.lsp4j.Position;
import org.jspecify.annotations.Nullable;

/** Completion, hover and definitions in pipelines.yaml and in tests. */
final class YamlAssist {

  private static final SchemaWalk PIPELINES = new SchemaWalk(JsonSchemas.pipelines());
  private static final SchemaWalk TESTS = new SchemaWalk(JsonSchemas.tests());

  private final CompiledProject compiled;
  private final Tables tables;
  private final YamlText text;
  private final boolean test;
  private final SchemaWalk schema;

  YamlAssist(CompiledProject compiled, LineIndex lines, boolean test) {
    this.compiled = compiled;
    this.tables = new Tables(compiled);
    this.text = new YamlText(lines);
    this.test = test;
    this.schema = test ? TESTS : PIPELINES;
  }

  /** What may stand at a position. */
  List<CompletionItem> complete(Position position) {
    YamlText.Spot spot = text.spot(position);
    List<CompletionItem> items = new ArrayList<>();
    if (spot.value()) {
      for (String value : schema.values(spot.path())) {
        items.add(item(value, CompletionItemKind.Value, null));
      }
      names(spot.path())
          .forEach(
              name ->
                  items.add(item(name, CompletionItemKind.Reference, tables.description(name))));
      return items;
    }
    schema
        .keys(spot.path())
        .forEach(
            (key, description) -> {
              if (!spot.keys().contains(key) || key.equals(spot.word())) {
                CompletionItem item = item(key, CompletionItemKind.Property, description);
                item.setInsertText(key + ": ");
                items.add(item);
              }
            });
    for (String name : named(spot.path())) {
      if (!spot.keys().contains(name)) {
        CompletionItem item = item(name, CompletionItemKind.Reference, tables.description(name));
        item.setInsertText(name + ": ");
        items.add(item);
      }
    }
    return items;
  }

  private static CompletionItem item(
      String label, CompletionItemKind kind, @Nullable String description) {
    CompletionItem item = new CompletionItem(label);
    item.setKind(kind);
    if (description != null && !description.isEmpty()) {
      item.setDocumentation(description);
    }
    return item;
  }

  /** Names of the project that a value at the path may be. */
  private Collection<String> names(List<String> path) {
    String key = path.isEmpty() ? "" : path.get(path.size() - 1);
    if (test) {
      return key.equals("query")
          ? compiled.project().queries().keySet()
          : key.equals("input") ? compiled.project().sources().keySet() : Set.of();
    }
    if (path.size() >= 2 && path.get(0).equals("pipelines") && key.equals("queries")) {
      return compiled.project().queries().keySet();
    }
    boolean ofQuery = path.size() >= 3 && path.get(0).equals("queries");
    boolean column = List.of("x", "y", "by", "partition_by", "cluster_by", "key").contains(key);
    if (ofQuery && column) {
      return columns(path.get(1));
    }
    boolean ofSource = path.size() == 3 && path.get(0).equals("sources");
    boolean ofDeduplicate = path.size() == 4 && path.get(2).equals("deduplicate");
    return (ofSource && key.equals("event_time")) || (ofDeduplicate && key.equals("by"))
        ? columns(path.get(1))
        : Set.of();
  }

  /** Names of the project that a key of a mapping at the path may be. */
  private Collection<String> named(List<String> path) {
    if (test) {
      return Set.of();
    }
    if (path.equals(List.of("queries"))) {
      return compiled.project().queries().keySet();
    }
    boolean columns =
        path.size() == 3 && path.get(0).equals("queries") && path.get(2).equals("columns");
    return columns ? columns(path.get(1)) : Set.of();
  }

  private Set<String> columns(String table) {
    return tables.schema(table).map(s -> new TreeSet<>(s.names())).orElse(new TreeSet<>());
  }

  /** The meaning of the word at a position; null: nothing is known. */
  @Nullable Meaning meaning(Position position) {
    YamlText.Token token = text.token(position);
    if (token == null) {
      return null;
    }
    var word =
        new dev.beamline.sql.parser.SqlWords.Word(
            dev.beamline.sql.parser.SqlWords.Kind.NAME, token.text(), token.start(), token.end());
    YamlText.Spot spot = text.spot(position);
    List<String> path = new ArrayList<>(spot.path());
    if (token.key() && (path.isEmpty() || !path.get(path.size() - 1).equals(token.text()))) {
      path.add(token.text());
    }
    if (queryName(path, token)) {
      return new Meaning(word, tables.markdown(token.text()), place(token.text()));
    }
    String description = token.key() ? schema.description(path) : null;
    if (description != null) {
      return new Meaning(word, "**" + token.text() + "**\n\n" + description, null);
    }
    return tables.names().contains(token.text())
        ? new Meaning(word, tables.markdown(token.text()), place(token.text()))
        : null;
  }

  /** Whether a query is named there. */
  private boolean queryName(List<String> path, YamlText.Token token) {
    return compiled.project().queries().containsKey(token.text())
        && (path.equals(List.of("queries", token.text())) || !token.key());
  }

  /** The query that is named at a position; null: none. */
  YamlText.@Nullable Token query(Position position) {
    YamlText.Token token = text.token(position);
    if (token == null) {
      return null;
    }
    YamlText.Spot spot = text.spot(position);
    List<String> path = new ArrayList<>(spot.path());
    if (token.key() && (path.isEmpty() || !path.get(path.size() - 1).equals(token.text()))) {
      path.add(token.text());
    }
    boolean key = path.equals(List.of("queries", token.text()));
    boolean named = !token.key() && names(path).contains(token.text());
    return compiled.project().queries().containsKey(token.text()) && (key || named) ? token : null;
  }

  private @Nullable Place place(String name) {
    Source source = compiled.project().sources().get(name);
    Query query = compiled.project().queries().get(name);
    return source != null ? source.place() : query == null ? null : query.place();
  }
}
