package dev.beamline.testing;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.project.Windowing;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes a difference between batch and stream as a file of tests that shows it. */
final class DifferenceTest {

  private DifferenceTest() {}

  static String of(QueryUnderProof query, QueryUnderProof.Difference found, String how) {
    StreamScript script = found.script();
    StringBuilder out = new StringBuilder();
    out.append("# ").append(how).append('\n');
    List<String> others =
        new TreeSet<>(query.streams().keySet())
            .stream().filter(name -> !name.equals(query.name())).toList();
    if (!others.isEmpty()) {
      out.append("# With the same windowing in pipelines.yaml of what it reads: ")
          .append(String.join(", ", others))
          .append('\n');
    }
    if (!script.settle().isZero()) {
      out.append("# Seen where changes wait ")
          .append(duration(script.settle()))
          .append(" for each other, as they do in a run.\n");
    }
    out.append("query: ").append(query.name()).append("\ntests:\n");
    out.append("  - name: the stream ends in the rows of the batch\n");
    out.append("    windowing: ").append(windowing(script.windowing())).append('\n');
    out.append("    steps:\n");
    script.tables().forEach((source, rows) -> input(query, source, rows, out));
    for (StreamScript.Move move : script.moves()) {
      if (move instanceof StreamScript.Arrive arrive) {
        input(query, arrive.source(), arrive.rows(), out);
      } else if (move instanceof StreamScript.Watermark watermark) {
        out.append("      - watermark: {")
            .append(watermark.source())
            .append(": \"")
            .append(watermark.to())
            .append("\"}\n");
      } else if (move instanceof StreamScript.Clock clock && !clock.by().isZero()) {
        out.append("      - processing_time: +").append(duration(clock.by())).append('\n');
      }
    }
    out.append("      - watermark: end\n      - processing_time: +1d\n");
    if (script.discarding()) {
      out.append("      # The panes put together must be these rows of the batch.\n");
    }
    Schema schema = query.stream().schema();
    out.append("      - expect_table:").append(found.expected().isEmpty() ? " []\n" : "\n");
    List<Integer> all = IntStream.range(0, schema.size()).boxed().toList();
    for (Tuple row : found.expected()) {
      out.append("          - ").append(RowYaml.row(schema, row, all)).append('\n');
    }
    return out.append("    late_dropped: 0\n").toString();
  }

  private static void input(
      QueryUnderProof query, String source, List<Tuple> rows, StringBuilder out) {
    QuerySimulation.Feed feed = query.feeds().get(source);
    if (rows.isEmpty() || feed == null) {
      return;
    }
    out.append("      - input: ").append(source).append("\n        rows:\n");
    for (Tuple row : rows) {
      out.append("          - ").append(RowYaml.whole(feed.columns(), row)).append('\n');
    }
  }

  private static String windowing(Windowing windowing) {
    StringBuilder out = new StringBuilder("{allowed_lateness: ");
    out.append(duration(windowing.allowedLateness()));
    String early = firing(windowing.trigger().early());
    String late = firing(windowing.trigger().late());
    out.append(", trigger: {");
    out.append(early == null ? "" : "early: " + early);
    out.append(early == null || late == null ? "" : ", ");
    out.append(late == null ? "" : "late: " + late);
    return out.append("}, accumulation_mode: ")
        .append(windowing.accumulationMode().name().toLowerCase(Locale.ROOT))
        .append('}')
        .toString();
  }

  private static @Nullable String firing(Windowing.@Nullable Firing firing) {
    if (firing instanceof Windowing.Every every) {
      return "{every: " + duration(every.period()) + "}";
    }
    return firing instanceof Windowing.AfterCount count
        ? "{after_count: " + count.count() + "}"
        : null;
  }

  private static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
