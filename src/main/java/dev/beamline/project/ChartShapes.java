package dev.beamline.project;

import dev.beamline.project.YamlNode.YamlMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How {@code chart} is written: a type alone, or a mapping. */
final class ChartShapes {

  private static final Key<Chart.Type> TYPE =
      Key.of(
          "type", Shapes.oneOf(Chart.Type.class), "line, bar or table. Default: by the columns.");
  private static final Key<Located<String>> X =
      Key.of(
          "x",
          Shapes.locatedText(),
          "The column of the horizontal axis. Default: the window's start, else the first time.");
  private static final Key<List<Located<String>>> Y =
      Key.of(
          "y",
          Shapes.listOf(Shapes.locatedText()),
          "Columns of numbers that can be drawn, the first one first. Default: all.");
  private static final Key<Located<String>> BY =
      Key.of(
          "by",
          Shapes.locatedText(),
          "The column whose values are lines or bars of their own. Default: the first text.");
  private static final Key<Boolean> STACKED =
      Key.of(
          "stacked",
          Shapes.bool(),
          "Whether the bars or lines of one place stand upon each other. Default: false.");

  private static final ObjectShape<Chart> LONG =
      new ObjectShape<>(
          "a chart",
          "How the dashboard draws the query.",
          List.of(TYPE, X, Y, BY, STACKED),
          f ->
              new Chart(
                  f.get(TYPE), f.get(X), f.or(Y, List.of()), f.get(BY), f.or(STACKED, false)));

  static final Shape<Chart> CHART =
      Shapes.custom(
          (node, reading) -> {
            if (node instanceof YamlMap) {
              return LONG.read(node, reading);
            }
            Chart.Type type = TYPE.shape().read(node, reading);
            return type == null ? null : new Chart(type, null, List.of(), null, false);
          },
          self -> {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("anyOf", List.of(TYPE.shape().schema(), LONG.schema()));
            return schema;
          });

  private ChartShapes() {}
}
