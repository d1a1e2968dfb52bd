package dev.beamline.report.docs;

import dev.beamline.report.graph.BoxGraph;
import dev.beamline.report.graph.BoxSvg;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the pages of the site have in common. */
final class Pages {

  private static final int MOST_OPEN = 60;

  private Pages() {}

  /** The id of a column on its table's page. */
  static String anchor(String column) {
    return "column-" + column.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "-");
  }

  static String link(String href, String text) {
    return new Html().link(href, text).toString();
  }

  static String cell(@Nullable String text) {
    return text == null ? "" : Html.escape(text);
  }

  static String code(String text) {
    return "<code>" + Html.escape(text) + "</code>";
  }

  /** A drawing that scrolls where it is wide. */
  static String figure(BoxGraph graph, String label) {
    return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\""
        + Html.escape(label)
        + "\">"
        + BoxSvg.of(graph, label)
        + "</div>\n";
  }

  /** A drawing; one that fills many screens opens with a click. */
  static String folded(BoxGraph graph, String label) {
    int boxes = graph.size();
    return boxes <= MOST_OPEN
        ? figure(graph, label)
        : "<details><summary>Draw its "
            + boxes
            + " steps</summary>"
            + figure(graph, label)
            + "</details>\n";
  }

  /** Names and values. */
  static String facts(List<String[]> facts) {
    StringBuilder out = new StringBuilder("<dl class=\"facts\">");
    for (String[] fact : facts) {
      out.append("<dt>").append(Html.escape(fact[0])).append("</dt><dd>");
      out.append(fact[1]).append("</dd>\n");
    }
    return out.append("</dl>\n").toString();
  }

  static void sample(Html out, SiteModel model, String name) {
    SiteModel.Sample sample = model.samples().get(name);
    if (sample != null && !sample.rows().isEmpty()) {
      out.element("h2", "Some rows");
      out.table(
          "Some rows",
          sample.columns(),
          sample.rows().stream().map(row -> row.stream().map(Html::escape).toList()).toList());
    }
  }
}
