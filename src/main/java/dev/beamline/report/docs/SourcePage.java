package dev.beamline.report.docs;

import dev.beamline.plan.Lineage;
import dev.beamline.project.ColumnDefinition;
import dev.beamline.project.Durations;
import dev.beamline.project.Located;
import dev.beamline.project.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The page of a source. */
final class SourcePage {

  private final SiteModel model;
  private final LineageGraphs lineage;
  private final Source source;

  SourcePage(SiteModel model, LineageGraphs lineage, Source source) {
    this.model = model;
    this.lineage = lineage;
    this.source = source;
  }

  String html() {
    Html out = new Html();
    String description = source.description();
    if (description != null) {
      out.raw("<p class=\"lead\">").text(description).raw("</p>\n");
    }
    out.raw(Pages.facts(facts()));
    out.element("h2", "Columns");
    List<List<String>> rows = new ArrayList<>();
    for (ColumnDefinition column : source.columns()) {
      String name = column.name().value();
      rows.add(
          List.of(
              "<span id=\""
                  + Pages.anchor(name)
                  + "\">"
                  + Pages.code(name)
                  + "</span>"
                  + (column.required() ? " <span class=\"tag\">required</span>" : ""),
              Pages.cell(column.type().value().sql()),
              Pages.cell(column.description()),
              readers(name)));
    }
    out.table("Columns", List.of("column", "type", "what it is", "metrics made of it"), rows);
    out.element("h2", "Lineage");
    out.raw(lineage.around(source.name(), "../"));
    Pages.sample(out, model, source.name());
    return out.toString();
  }

  private List<String[]> facts() {
    List<String[]> facts = new ArrayList<>();
    facts.add(new String[] {"System", Pages.cell(source.system().type())});
    if (source.eventTime() != null) {
      facts.add(new String[] {"Event time", Pages.code(source.eventTime().value())});
      facts.add(
          new String[] {
            "Watermark",
            "stays "
                + Durations.format(source.watermark().maxOutOfOrderness())
                + " behind the newest event"
          });
    }
    Source.Deduplication copies = source.deduplicate();
    if (copies != null) {
      facts.add(
          new String[] {
            "Copies",
            Pages.cell(
                "dropped by "
                    + copies.by().stream().map(Located::value).collect(Collectors.joining(", "))
                    + " within "
                    + Durations.format(copies.within()))
          });
    }
    if (source.refresh() != null) {
      facts.add(new String[] {"Read again", "every " + Durations.format(source.refresh())});
    }
    facts.add(new String[] {"Refused records", "go to " + Pages.code(source.errorTable())});
    if (source.sample() != null) {
      facts.add(new String[] {"Sample", Pages.code(source.sample().value())});
    }
    return facts;
  }

  private String readers(String column) {
    Set<String> readers = new TreeSet<>();
    for (String query : model.plans().keySet()) {
      boolean reads =
          model.origins(query).stream()
              .flatMap(Set::stream)
              .filter((Lineage.Origin o) -> o.source().equals(source.name()))
              .anyMatch(o -> o.path().equals(column) || o.path().startsWith(column + "."));
      if (reads) {
        readers.add(query);
      }
    }
    return readers.stream()
        .map(name -> Pages.link("../query/" + name + ".html", name))
        .collect(Collectors.joining(", "));
  }
}
