package dev.beamline.report.docs;

import dev.beamline.catalog.Schema;
import dev.beamline.plan.Lineage;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.ColumnDefinition;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Query;
import dev.beamline.project.Source;
import dev.beamline.project.TestCase;
import dev.beamline.project.TestFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the site: plain files in one folder that open from disk and ask no other host. */
public final class SiteWriter {

  private final SiteModel model;
  private final Path folder;
  private final Map<String, Set<String>> lineage;

  /**
   * Prepares to write.
   *
   * @param folder made where it is missing; files of the same names are overwritten
   */
  public SiteWriter(SiteModel model, Path folder) {
    this.model = model;
    this.folder = folder;
    lineage = model.tableLineage();
  }

  /** Writes all pages and returns the first one's path. */
  public Path write() throws IOException {
    Files.createDirectories(folder.resolve("query"));
    Files.createDirectories(folder.resolve("source"));
    Files.createDirectories(folder.resolve("pipeline"));
    copy("style.css");
    copy("search.js");
    Files.writeString(folder.resolve("index.js"), searchIndex(), StandardCharsets.UTF_8);
    page("index.html", "", "All metrics", overview());
    for (Query query : model.project().queries().values()) {
      page("query/" + query.name() + ".html", "../", query.name(), query(query));
    }
    for (Source source : model.project().sources().values()) {
      page("source/" + source.name() + ".html", "../", source.name(), source(source));
    }
    for (PipelineDefinition pipeline : model.project().pipelines().values()) {
      page("pipeline/" + pipeline.name() + ".html", "../", pipeline.name(), pipeline(pipeline));
    }
    return folder.resolve("index.html");
  }

  private void page(String path, String root, String title, String body) throws IOException {
    Html out = new Html();
    out.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    out.element("title", title + " · " + model.project().name());
    out.raw("<link rel=\"stylesheet\" href=\"" + root + "style.css\">");
    out.raw("</head><body data-root=\"" + root + "\">\n<header><a class=\"home\" href=\"");
    out.raw(root + "index.html\">").text(model.project().name()).raw("</a>");
    out.raw("<label>Search <input id=\"search\" type=\"search\" autocomplete=\"off\"></label>");
    out.raw("</header>\n<ul id=\"found\" aria-live=\"polite\"></ul>\n<main>\n");
    out.element("h1", title).raw(body);
    out.raw("</main><script src=\"" + root + "index.js\"></script>");
    out.raw("<script src=\"" + root + "search.js\"></script></body></html>\n");
    Files.writeString(folder.resolve(path), out.toString(), StandardCharsets.UTF_8);
  }

  private String overview() {
    Html out = new Html();
    List<List<String>> rows = new ArrayList<>();
    for (Query query : model.project().queries().values()) {
      rows.add(
          List.of(
              link("query/" + query.name() + ".html", query.name()),
              cell(query.description()),
              cell(query.owner()),
              cell(window(query.name())),
              Integer.toString(tests(query.name()).size())));
    }
    out.table(List.of("metric", "what it is", "owner", "window", "tests"), rows);
    out.element("h2", "Sources");
    rows = new ArrayList<>();
    for (Source source : model.project().sources().values()) {
      rows.add(
          List.of(
              link("source/" + source.name() + ".html", source.name()),
              cell(source.description()),
              cell(source.system().type()),
              Integer.toString(source.columns().size())));
    }
    out.table(List.of("source", "what it is", "system", "columns"), rows);
    out.element("h2", "Pipelines");
    rows = new ArrayList<>();
    for (PipelineDefinition pipeline : model.project().pipelines().values()) {
      rows.add(
          List.of(
              link("pipeline/" + pipeline.name() + ".html", pipeline.name()),
              cell(pipeline.mode().name().toLowerCase(Locale.ROOT)),
              pipeline.queries().size() + " queries"));
    }
    out.table(List.of("pipeline", "mode", "what it runs"), rows);
    out.element("h2", "Lineage");
    return out.raw(LineageDiagram.svg(lineage, model.hrefs(""), "")).toString();
  }

  private String query(Query query) {
    Html out = new Html();
    out.paragraph(query.description());
    if (query.owner() != null) {
      out.element("p", "Owner: " + query.owner());
    }
    out.element("p", "Written to " + query.sink().type() + " " + query.sink().table() + ".");
    QueryPlan plan = model.plans().get(query.name());
    if (plan != null && plan.window() != null) {
      out.element("h2", "Window");
      out.raw(WindowTimeline.html(plan.window().spec(), query.windowing().allowedLateness()));
    }
    out.element("h2", "Columns");
    model.schema(query.name()).ifPresent(schema -> columns(out, query.name(), schema, plan));
    out.element("h2", "SQL").raw(SqlHighlighter.html(query.file().text()));
    out.element("h2", "Lineage");
    out.raw(
        LineageDiagram.svg(
            LineageDiagram.around(lineage, query.name()), model.hrefs("../"), query.name()));
    List<String> tests = tests(query.name());
    if (!tests.isEmpty()) {
      out.element("h2", "Tests").raw("<ul>");
      tests.forEach(test -> out.element("li", test));
      out.raw("</ul>");
    }
    sample(out, query.name());
    return out.toString();
  }

  private void columns(Html out, String query, Schema schema, @Nullable QueryPlan plan) {
    List<Set<Lineage.Origin>> origins = model.origins(query);
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      boolean key = plan != null && plan.key().contains(i);
      rows.add(
          List.of(
              "<code>" + Html.escape(schema.name(i)) + "</code>" + (key ? " (key)" : ""),
              cell(schema.type(i).sql()),
              cell(schema.column(i).description()),
              origins.get(i).stream().map(this::origin).collect(Collectors.joining("<br>"))));
    }
    out.table(List.of("column", "type", "what it is", "computed from"), rows);
  }

  private String origin(Lineage.Origin origin) {
    return link("../source/" + origin.source() + ".html", origin.toString());
  }

  private String source(Source source) {
    Html out = new Html();
    out.paragraph(source.description());
    out.element("p", "Read from " + source.system().type() + ".");
    if (source.eventTime() != null) {
      out.element("p", "Event time: " + source.eventTime().value() + ".");
    }
    out.element("p", "Broken records go to " + source.errorTable() + ".");
    List<List<String>> rows = new ArrayList<>();
    for (ColumnDefinition column : source.columns()) {
      rows.add(
          List.of(
              "<code>" + Html.escape(column.name().value()) + "</code>",
              cell(column.type().value().sql()),
              column.required() ? "required" : "",
              cell(column.description()),
              readers(source.name(), column.name().value())));
    }
    out.element("h2", "Columns");
    out.table(List.of("column", "type", "", "what it is", "metrics made of it"), rows);
    out.element("h2", "Lineage");
    out.raw(
        LineageDiagram.svg(
            LineageDiagram.around(lineage, source.name()), model.hrefs("../"), source.name()));
    sample(out, source.name());
    return out.toString();
  }

  private String readers(String source, String column) {
    Set<String> readers = new TreeSet<>();
    model
        .plans()
        .forEach(
            (name, plan) ->
                Lineage.of(plan.plan()).stream()
                    .flatMap(Set::stream)
                    .filter(o -> o.source().equals(source))
                    .filter(o -> o.path().equals(column) || o.path().startsWith(column + "."))
                    .forEach(o -> readers.add(name)));
    return readers.stream()
        .map(name -> link("../query/" + name + ".html", name))
        .collect(Collectors.joining(", "));
  }

  private String pipeline(PipelineDefinition pipeline) {
    Html out = new Html();
    out.paragraph(pipeline.description());
    out.element("p", "Mode: " + pipeline.mode().name().toLowerCase(Locale.ROOT));
    out.raw("<ul>");
    for (String query : pipeline.queries()) {
      out.raw("<li>" + link("../query/" + query + ".html", query) + "</li>");
    }
    return out.raw("</ul>").toString();
  }

  private void sample(Html out, String name) {
    SiteModel.Sample sample = model.samples().get(name);
    if (sample != null) {
      out.element("h2", "Some rows");
      out.table(
          sample.columns(),
          sample.rows().stream().map(row -> row.stream().map(Html::escape).toList()).toList());
    }
  }

  private List<String> tests(String query) {
    return model.project().tests().stream()
        .filter((TestFile file) -> file.query().value().equals(query))
        .flatMap(file -> file.tests().stream())
        .map((TestCase test) -> test.name().value())
        .toList();
  }

  private @Nullable String window(String query) {
    QueryPlan plan = model.plans().get(query);
    return plan == null || plan.window() == null
        ? null
        : WindowTimeline.words(plan.window().spec());
  }

  /** The names and words to search, as a script, since pages from disk may not fetch. */
  private String searchIndex() {
    List<String> entries = new ArrayList<>();
    for (Query query : model.project().queries().values()) {
      String columns = model.schema(query.name()).map(s -> String.join(" ", s.names())).orElse("");
      String words = query.description() == null ? "" : query.description();
      entries.add(entry("metric", query.name(), "query/", words + " " + columns));
    }
    for (Source source : model.project().sources().values()) {
      String columns =
          source.columns().stream().map(c -> c.name().value()).collect(Collectors.joining(" "));
      String words = source.description() == null ? "" : source.description();
      entries.add(entry("source", source.name(), "source/", words + " " + columns));
    }
    return "window.searchIndex = [\n" + String.join(",\n", entries) + "\n];\n";
  }

  private static String entry(String kind, String name, String folder, String words) {
    return "{kind: "
        + script(kind)
        + ", name: "
        + script(name)
        + ", href: "
        + script(folder + name + ".html")
        + ", words: "
        + script(words)
        + "}";
  }

  /** A string literal of JavaScript. */
  private static String script(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c < 127 && c != '"' && c != '\\' && c != '<';
      out.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
    }
    return out.append('"').toString();
  }

  private static String link(String href, String text) {
    return new Html().link(href, text).toString();
  }

  private static String cell(@Nullable String text) {
    return text == null ? "" : Html.escape(text);
  }

  private void copy(String resource) throws IOException {
    try (InputStream in = SiteWriter.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("not on the class path: " + resource);
      }
      Files.write(folder.resolve(resource), in.readAllBytes());
    }
  }
}
