package dev.beamline.report.lsp;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Table;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Located;
import dev.beamline.project.Query;
import dev.beamline.project.Source;
import dev.beamline.sql.CompiledProject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The tables that queries can read, with what is known of them. */
final class Tables {

  private final CompiledProject compiled;

  Tables(CompiledProject compiled) {
    this.compiled = compiled;
  }

  Set<String> names() {
    Set<String> names = new TreeSet<>(compiled.project().sources().keySet());
    names.addAll(compiled.project().queries().keySet());
    return names;
  }

  /** The columns of a source or query, with the descriptions that YAML gives. */
  Optional<Schema> schema(String table) {
    Table source = compiled.tables().get(table);
    if (source != null) {
      return Optional.of(source.schema());
    }
    QueryPlan plan = compiled.plans().get(table);
    Query query = compiled.project().queries().get(table);
    if (plan == null || query == null) {
      return Optional.empty();
    }
    List<Column> columns = new ArrayList<>();
    for (Column column : plan.schema().columns()) {
      Located<String> text = query.columns().get(column.name());
      columns.add(
          text == null
              ? column
              : new Column(column.name(), column.type(), column.required(), text.value()));
    }
    return Optional.of(new Schema(columns));
  }

  @Nullable String description(String table) {
    Source source = compiled.project().sources().get(table);
    Query query = compiled.project().queries().get(table);
    return source != null ? source.description() : query == null ? null : query.description();
  }

  /** A table for people, in Markdown. */
  String markdown(String table) {
    Source source = compiled.project().sources().get(table);
    StringBuilder out = new StringBuilder("**").append(table).append("**");
    out.append(source != null ? " (source, " + source.system().type() + ")" : " (query)");
    String description = description(table);
    if (description != null) {
      out.append("\n\n").append(description);
    }
    Query query = compiled.project().queries().get(table);
    if (query != null && query.owner() != null) {
      out.append("\n\nOwner: ").append(query.owner());
    }
    schema(table)
        .ifPresent(
            schema -> {
              out.append("\n\n| column | type | |\n| --- | --- | --- |");
              for (Column column : schema.columns()) {
                String text = column.description();
                out.append("\n| ").append(column.name()).append(" | `");
                out.append(column.type().sql()).append("` | ");
                out.append(text == null ? "" : text.replace("|", "\\|")).append(" |");
              }
            });
    return out.toString();
  }

  /** The fields of a path of columns and fields, through arrays; empty where it has none. */
  static List<Column> fields(List<Column> columns, List<String> path) {
    List<Column> at = columns;
    for (String name : path) {
      Column found = find(at, name).orElse(null);
      if (found == null) {
        return List.of();
      }
      dev.beamline.catalog.Type type =
          found.type() instanceof ArrayType array ? array.element() : found.type();
      at = type instanceof StructType struct ? struct.fields() : List.of();
    }
    return at;
  }

  static Optional<Column> find(List<Column> columns, String name) {
    return columns.stream().filter(c -> c.name().equalsIgnoreCase(name)).findFirst();
  }
}
