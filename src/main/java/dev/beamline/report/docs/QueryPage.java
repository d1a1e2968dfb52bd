package dev.beamline.report.docs;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.plan.Lineage;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.project.ColumnDefinition;
import dev.beamline.project.Durations;
import dev.beamline.project.Located;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Query;
import dev.beamline.project.Sink;
import dev.beamline.project.Source;
import dev.beamline.project.TestFile;
import dev.beamline.report.explain.Explanation;
import dev.beamline.report.explain.ExplanationGraph;
import dev.beamline.report.explain.PlanExplainer;
import dev.beamline.report.explain.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The page of a query. */
final class QueryPage {

  private final SiteModel model;
  private final LineageGraphs lineage;
  private final Query query;
  private final @Nullable QueryPlan plan;

  QueryPage(SiteModel model, LineageGraphs lineage, Query query) {
    this.model = model;
    this.lineage = lineage;
    this.query = query;
    plan = model.plans().get(query.name());
  }

  String html() {
    Html out = new Html();
    String description = Descriptions.of(query);
    if (description != null) {
      out.raw("<p class=\"lead\">").text(description).raw("</p>\n");
    }
    out.raw(Pages.facts(facts()));
    QueryPlan compiled = plan;
    if (compiled != null) {
      out.element("h2", "Columns");
      columns(out, compiled);
      if (compiled.window() != null) {
        out.element("h2", "Window");
        out.raw(WindowTimeline.html(compiled.window().spec(), query.windowing().allowedLateness()));
        out.element(
            "p",
            compiled.window().spec() instanceof WindowSpec.Global
                ? "Sent as the trigger says, and where the input ends."
                : "Sent " + Words.panes(query.windowing()) + ".");
      }
    }
    out.element("h2", "SQL").raw(SqlHighlighter.html(query.file().text()));
    out.element("h2", "Lineage");
    out.raw(lineage.around(query.name(), "../"));
    if (compiled != null) {
      out.element("h3", "By column");
      out.raw(
          Pages.figure(
              lineage.columns(query.name(), compiled.schema()), "Columns of " + query.name()));
      computed(out);
    }
    tests(out);
    Pages.sample(out, model, query.name());
    return out.toString();
  }

  private List<String[]> facts() {
    List<String[]> facts = new ArrayList<>();
    if (query.owner() != null) {
      facts.add(new String[] {"Owner", Pages.cell(query.owner())});
    }
    List<String> pipelines =
        model.project().pipelines().values().stream()
            .filter(pipeline -> pipeline.queries().contains(query.name()))
            .map(PipelineDefinition::name)
            .map(name -> Pages.link("../pipeline/" + name + ".html", name))
            .toList();
    if (!pipelines.isEmpty()) {
      facts.add(new String[] {"Runs in", String.join(", ", pipelines)});
    }
    facts.add(new String[] {"Written to", written()});
    Query.Freshness freshness = query.freshness();
    if (freshness != null) {
      List<String> limits = new ArrayList<>();
      if (freshness.warnAfter() != null) {
        limits.add("warned of after " + Durations.format(freshness.warnAfter()));
      }
      if (freshness.errorAfter() != null) {
        limits.add("an error after " + Durations.format(freshness.errorAfter()));
      }
      facts.add(new String[] {"Freshness", Pages.cell(String.join(", ", limits))});
    }
    Set<String> readers = lineage.readers(query.name());
    if (!readers.isEmpty()) {
      facts.add(
          new String[] {
            "Read by",
            readers.stream()
                .map(name -> Pages.link("../query/" + name + ".html", name))
                .collect(Collectors.joining(", "))
          });
    }
    facts.add(new String[] {"File", Pages.code(query.file().path())});
    return facts;
  }

  private String written() {
    Sink sink = query.sink();
    String table = sink instanceof Sink.BigQuery big ? big.qualifiedName() : sink.table();
    Located<Sink.WriteMode> write = sink.common().write();
    boolean keyed = plan != null && !plan.key().isEmpty();
    boolean upsert = write == null ? keyed : write.value() == Sink.WriteMode.UPSERT;
    String text = Html.escape(sink.type()) + " " + Pages.code(table);
    return text
        + (upsert ? ", one row for each key: the newest result wins" : ", each result is a row");
  }

  private void columns(Html out, QueryPlan compiled) {
    List<Set<Lineage.Origin>> origins = model.origins(query.name());
    Schema schema = compiled.schema();
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      String key = compiled.key().contains(i) ? " <span class=\"tag\">key</span>" : "";
      rows.add(
          List.of(
              "<span id=\""
                  + Pages.anchor(schema.name(i))
                  + "\">"
                  + Pages.code(schema.name(i))
                  + "</span>"
                  + key,
              Pages.cell(schema.type(i).sql()),
              Pages.cell(description(schema.column(i), origins.get(i), compiled, i)),
              origins.get(i).stream().map(QueryPage::origin).collect(Collectors.joining("<br>"))));
    }
    out.table("Columns", List.of("column", "type", "what it is", "computed from"), rows);
  }

  /** What YAML says of it, else what its only origin is where it is that unchanged. */
  private @Nullable String description(
      Column column, Set<Lineage.Origin> origins, QueryPlan compiled, int index) {
    Located<String> own = query.columns().get(column.name());
    if (own != null) {
      return own.value();
    }
    if (column.description() != null) {
      return column.description();
    }
    QueryPlan.ResultWindow window = compiled.window();
    if (window != null && index == window.start()) {
      return "Where the window starts.";
    }
    if (window != null && index == window.end()) {
      return "Where the window ends; not part of it.";
    }
    // A sum of a column is something else than the column.
    if (origins.size() != 1 || !compiled.key().contains(index)) {
      return null;
    }
    Lineage.Origin origin = origins.iterator().next();
    Source source = model.project().sources().get(origin.source());
    boolean same = origin.path().equalsIgnoreCase(column.name());
    return source == null || !same
        ? null
        : source.columns().stream()
            .filter(c -> c.name().value().equalsIgnoreCase(origin.path()))
            .map(ColumnDefinition::description)
            .filter(java.util.Objects::nonNull)
            .findFirst()
            .orElse(null);
  }

  private static String origin(Lineage.Origin origin) {
    String column = origin.path().replaceFirst("\\..*", "");
    return Pages.link(
        "../source/" + origin.source() + ".html#" + Pages.anchor(column), origin.toString());
  }

  private void computed(Html out) {
    Explanation explanation = PlanExplainer.explain(model.compiled(), query.name(), null);
    out.element("h2", "How it is computed");
    out.raw(Pages.figure(ExplanationGraph.of(explanation), "Plan of " + query.name()));
    for (Explanation.Warning warning : explanation.warnings()) {
      out.raw("<p class=\"warning\"><strong>").text(warning.code()).raw("</strong> ");
      out.text(warning.message() + ". " + warning.hint()).raw("</p>\n");
    }
  }

  private void tests(Html out) {
    List<TestFile> files =
        model.project().tests().stream()
            .filter(file -> file.query().value().equals(query.name()))
            .toList();
    if (files.isEmpty()) {
      return;
    }
    out.element("h2", "Tests").raw("<ul>\n");
    for (TestFile file : files) {
      file.tests()
          .forEach(
              test -> {
                out.raw("<li>").text(test.name().value());
                if (test.description() != null) {
                  out.text(": " + test.description());
                }
                out.raw(" <span class=\"soft\">").text(file.path() + ":");
                out.text(test.name().place().line() + ", " + test.steps().size() + " steps");
                out.raw("</span></li>\n");
              });
    }
    out.raw("</ul>\n");
  }
}
