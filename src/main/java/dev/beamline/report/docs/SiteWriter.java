package dev.beamline.report.docs;

import dev.beamline.plan.QueryPlan;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Query;
import dev.beamline.project.Source;
import dev.beamline.project.Target;
import dev.beamline.report.graph.BoxGraph;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the site: plain files in one folder that open from disk and ask no other host. */
public final class SiteWriter {

  private final SiteModel model;
  private final Path folder;
  private final LineageGraphs lineage;

  /**
   * Prepares to write.
   *
   * @param folder made where it is missing; files of the same names are overwritten
   */
  public SiteWriter(SiteModel model, Path folder) {
    this.model = model;
    this.folder = folder;
    lineage = new LineageGraphs(model);
  }

  /** Writes all pages and returns the first one's path. */
  public Path write() throws IOException {
    for (String kind : List.of("query", "source", "pipeline", "target")) {
      Files.createDirectories(folder.resolve(kind));
    }
    copy("style.css");
    copy("search.js");
    copy("filter.js");
    Files.writeString(
        folder.resolve("index.js"), SearchIndex.script(model), StandardCharsets.UTF_8);
    page("index.html", "", "All metrics", overview());
    page("lineage.html", "", "Lineage", lineage.all(""));
    for (Query query : model.project().queries().values()) {
      page(
          "query/" + query.name() + ".html",
          "../",
          query.name(),
          new QueryPage(model, lineage, query).html());
    }
    for (Source source : model.project().sources().values()) {
      page(
          "source/" + source.name() + ".html",
          "../",
          source.name(),
          new SourcePage(model, lineage, source).html());
    }
    for (PipelineDefinition pipeline : model.project().pipelines().values()) {
      page("pipeline/" + pipeline.name() + ".html", "../", pipeline.name(), pipeline(pipeline));
    }
    for (Target target : model.project().targets().values()) {
      page("target/" + target.name() + ".html", "../", target.name(), target(target));
    }
    return folder.resolve("index.html");
  }

  private void page(String path, String root, String title, String body) throws IOException {
    Html out = new Html();
    out.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    out.element("title", title + " · " + model.project().name());
    out.raw("<link rel=\"stylesheet\" href=\"" + root + "style.css\">");
    out.raw("<link rel=\"icon\" href=\"data:,\">");
    out.raw("</head><body data-root=\"" + root + "\">\n");
    out.raw("<a class=\"skip\" href=\"#main\">Skip to the page</a>\n");
    out.raw("<header><a class=\"home\" href=\"" + root + "index.html\">");
    out.text(model.project().name()).raw("</a><nav aria-label=\"Site\">");
    out.link(root + "index.html", "Metrics").link(root + "index.html#sources", "Sources");
    out.link(root + "index.html#pipelines", "Pipelines");
    out.link(root + "lineage.html", "Lineage").raw("</nav>");
    out.raw("<label>Search <input id=\"search\" type=\"search\" autocomplete=\"off\"></label>");
    out.raw("</header>\n<ul id=\"found\" aria-label=\"Found\"></ul>\n");
    out.raw("<main id=\"main\" tabindex=\"-1\">\n");
    out.element("h1", title).raw(body);
    out.raw("</main><script src=\"" + root + "index.js\"></script>");
    out.raw("<script src=\"" + root + "search.js\"></script>");
    out.raw("<script src=\"" + root + "filter.js\"></script></body></html>\n");
    Files.writeString(folder.resolve(path), out.toString(), StandardCharsets.UTF_8);
  }

  private String overview() {
    Html out = new Html();
    List<List<String>> rows = new ArrayList<>();
    for (Query query : model.project().queries().values()) {
      rows.add(
          List.of(
              Pages.link("query/" + query.name() + ".html", query.name()),
              Pages.cell(Descriptions.of(query)),
              Pages.cell(query.owner()),
              Pages.cell(window(query.name())),
              Long.toString(tests(query.name()))));
    }
    out.table("Metrics", List.of("metric", "what it is", "owner", "window", "tests"), rows);
    out.raw("<h2 id=\"sources\">Sources</h2>\n");
    rows = new ArrayList<>();
    for (Source source : model.project().sources().values()) {
      rows.add(
          List.of(
              Pages.link("source/" + source.name() + ".html", source.name()),
              Pages.cell(source.description()),
              Pages.cell(source.system().type()),
              Integer.toString(source.columns().size()),
              Integer.toString(lineage.readers(source.name()).size())));
    }
    out.table("Sources", List.of("source", "what it is", "system", "columns", "metrics"), rows);
    out.raw("<h2 id=\"pipelines\">Pipelines and targets</h2>\n");
    rows = new ArrayList<>();
    for (PipelineDefinition pipeline : model.project().pipelines().values()) {
      rows.add(
          List.of(
              Pages.link("pipeline/" + pipeline.name() + ".html", pipeline.name()),
              Pages.cell(pipeline.description()),
              mode(pipeline),
              pipeline.queries().size() + " queries"));
    }
    out.table("Pipelines", List.of("pipeline", "what it is", "mode", "what it runs"), rows);
    rows = new ArrayList<>();
    for (Target target : model.project().targets().values()) {
      rows.add(
          List.of(
              Pages.link("target/" + target.name() + ".html", target.name()),
              Pages.cell(target.common().description()),
              Pages.cell(target.runner())));
    }
    return out.table("Targets", List.of("target", "what it is", "runner"), rows).toString();
  }

  private static String mode(PipelineDefinition pipeline) {
    return pipeline.mode().name().toLowerCase(Locale.ROOT);
  }

  private String pipeline(PipelineDefinition pipeline) {
    Html out = new Html();
    out.paragraph(pipeline.description());
    out.raw(
        Pages.facts(
            List.of(
                new String[] {"Mode", mode(pipeline)},
                new String[] {"Default", pipeline.isDefault() ? "yes" : "no"})));
    out.element("h2", "Queries");
    List<List<String>> rows = new ArrayList<>();
    for (String name : pipeline.queries()) {
      Query query = model.project().queries().get(name);
      rows.add(
          List.of(
              Pages.link("../query/" + name + ".html", name),
              Pages.cell(query == null ? null : Descriptions.of(query))));
    }
    out.table("Metrics of the pipeline", List.of("metric", "what it is"), rows);
    BoxGraph graph = model.graphs().get(pipeline.name());
    if (graph != null) {
      out.element("h2", "Beam graph");
      out.element(
          "p",
          "As it runs on the local target. A source is read once for all of its queries; the names"
              + " of steps are stable, so that a running job can be updated.");
      out.raw(Pages.folded(graph, "Beam graph of " + pipeline.name()));
    }
    return out.toString();
  }

  /** What is the same for everybody; options and addresses may be secrets. */
  private static String target(Target target) {
    Html out = new Html();
    out.paragraph(target.common().description());
    List<String[]> facts = new ArrayList<>();
    facts.add(new String[] {"Runner", Pages.cell(target.runner())});
    if (target.common().warehouse() != null) {
      facts.add(new String[] {"Warehouse", Pages.code(target.common().warehouse())});
    }
    if (target instanceof Target.Dataflow dataflow) {
      facts.add(new String[] {"Region", Pages.cell(dataflow.region())});
    }
    return out.raw(Pages.facts(facts)).toString();
  }

  private long tests(String query) {
    return model.project().tests().stream()
        .filter(file -> file.query().value().equals(query))
        .mapToLong(file -> file.tests().size())
        .sum();
  }

  private @Nullable String window(String query) {
    QueryPlan plan = model.plans().get(query);
    return plan == null || plan.window() == null
        ? null
        : WindowTimeline.words(plan.window().spec());
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
