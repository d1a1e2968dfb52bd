package dev.beamline.report.docs;

import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Query;
import dev.beamline.project.Source;
import dev.beamline.project.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The names and words to search, as a script, since pages from disk may not fetch. */
final class SearchIndex {

  private SearchIndex() {}

  static String script(SiteModel model) {
    List<String> entries = new ArrayList<>();
    for (Query query : model.project().queries().values()) {
      String columns = model.schema(query.name()).map(s -> String.join(" ", s.names())).orElse("");
      String described =
          query.columns().values().stream().map(l -> l.value()).collect(Collectors.joining(" "));
      entries.add(
          entry(
              "metric",
              query.name(),
              "query/",
              words(Descriptions.of(query), query.owner(), columns, described)));
    }
    for (Source source : model.project().sources().values()) {
      String columns =
          source.columns().stream()
              .map(c -> words(c.name().value(), c.description()))
              .collect(Collectors.joining(" "));
      entries.add(entry("source", source.name(), "source/", words(source.description(), columns)));
    }
    for (PipelineDefinition pipeline : model.project().pipelines().values()) {
      entries.add(entry("pipeline", pipeline.name(), "pipeline/", words(pipeline.description())));
    }
    for (Target target : model.project().targets().values()) {
      entries.add(
          entry(
              "target",
              target.name(),
              "target/",
              words(target.common().description(), target.runner())));
    }
    return "window.searchIndex = [\n" + String.join(",\n", entries) + "\n];\n";
  }

  private static String words(@Nullable String... parts) {
    StringBuilder words = new StringBuilder();
    for (String part : parts) {
      words.append(part == null || part.isEmpty() ? "" : words.isEmpty() ? part : " " + part);
    }
    return words.toString();
  }

  private static String entry(String kind, String name, String folder, String words) {
    return "{kind: "
        + literal(kind)
        + ", name: "
        + literal(name)
        + ", href: "
        + literal(folder + name + ".html")
        + ", words: "
        + literal(words)
        + "}";
  }

  /** A string literal of JavaScript. */
  private static String literal(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c < 127 && c != '"' && c != '\\' && c != '<';
      out.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
    }
    return out.append('"').toString();
  }
}
