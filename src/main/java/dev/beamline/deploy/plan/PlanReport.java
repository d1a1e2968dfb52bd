package dev.beamline.deploy.plan;

import dev.beamline.deploy.manifest.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Plans for people: as text of a terminal, and as Markdown of a pull request's comment. */
public final class PlanReport {

  private PlanReport() {}

  /** Lines of text. */
  public static List<String> text(DeployPlan plan) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "Plan of "
            + plan.project()
            + " for target "
            + plan.target()
            + ", against "
            + plan.against());
    for (PipelineChange pipeline : plan.pipelines()) {
      lines.add("");
      lines.add(
          "pipeline "
              + pipeline.name()
              + " ("
              + pipeline.mode()
              + "): "
              + pipeline.action().words()
              + (pipeline.job() == null ? "" : ", job " + pipeline.job()));
      pipeline.reasons().forEach(r -> lines.add("    " + reason(r)));
      int width = pipeline.changes().stream().mapToInt(q -> q.name().length()).max().orElse(0);
      for (QueryChange query : pipeline.changes()) {
        lines.add(
            "  "
                + sign(query)
                + " "
                + query.name()
                + " ".repeat(width - query.name().length())
                + "  "
                + query.kind().name().toLowerCase(java.util.Locale.ROOT)
                + (query.kind() == QueryChange.Kind.CHANGED ? " " + aspects(query) : "")
                + ": "
                + marks(query));
        query.reasons().forEach(r -> lines.add("        " + reason(r)));
        if (!query.readers().isEmpty() && query.has(Mark.BREAKING)) {
          lines.add("        read by " + String.join(", ", query.readers()));
        }
        diff(query).forEach(l -> lines.add("        | " + l));
        TimeRange backfill = query.backfill();
        if (backfill != null) {
          lines.add("        " + command(plan, query, backfill));
        }
      }
      int same = pipeline.queries().size() - pipeline.changes().size();
      if (same > 0) {
        lines.add("    " + same + (same == 1 ? " query is" : " queries are") + " unchanged");
      }
    }
    lines.add("");
    lines.add(summary(plan));
    return lines;
  }

  /** One document. */
  public static String markdown(DeployPlan plan) {
    StringBuilder text = new StringBuilder();
    text.append("### Beamline plan: ")
        .append(plan.project())
        .append(" → ")
        .append(plan.target())
        .append("\n\n")
        .append(summary(plan))
        .append(" Compared with ")
        .append(plan.against())
        .append(".\n");
    for (PipelineChange pipeline : plan.pipelines()) {
      text.append("\n#### `")
          .append(pipeline.name())
          .append("` (")
          .append(pipeline.mode())
          .append("): ")
          .append(pipeline.action().words())
          .append('\n');
      pipeline.reasons().forEach(r -> text.append("\n- ").append(cell(reason(r))));
      if (!pipeline.reasons().isEmpty()) {
        text.append('\n');
      }
      if (pipeline.changes().isEmpty()) {
        continue;
      }
      text.append("\n| query | change | what it takes | why |\n| --- | --- | --- | --- |\n");
      for (QueryChange query : pipeline.changes()) {
        TimeRange backfill = query.backfill();
        List<String> why = new ArrayList<>();
        query.reasons().forEach(r -> why.add(cell(reason(r))));
        if (!query.readers().isEmpty() && query.has(Mark.BREAKING)) {
          why.add("read by `" + String.join("`, `", query.readers()) + "`");
        }
        if (backfill != null) {
          why.add("`" + command(plan, query, backfill) + "`");
        }
        text.append("| `")
            .append(query.name())
            .append("` | ")
            .append(query.kind().name().toLowerCase(java.util.Locale.ROOT))
            .append(query.kind() == QueryChange.Kind.CHANGED ? " " + aspects(query) : "")
            .append(" | ")
            .append(
                query.marks().stream()
                    .map(m -> m == Mark.BREAKING ? "**" + m.words() + "**" : m.words())
                    .collect(Collectors.joining(", ")))
            .append(" | ")
            .append(String.join("<br>", why))
            .append(" |\n");
      }
      for (QueryChange query : pipeline.changes()) {
        List<String> diff = diff(query);
        if (!diff.isEmpty()) {
          text.append("\n<details><summary><code>")
              .append(query.name())
              .append("</code></summary>\n\n```diff\n");
          diff.forEach(l -> text.append(l).append('\n'));
          text.append("```\n\n</details>\n");
        }
      }
    }
    return text.toString();
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ");
  }

  private static String summary(DeployPlan plan) {
    if (!plan.changed()) {
      return "Nothing to change.";
    }
    List<String> parts = new ArrayList<>();
    part(parts, plan.count(QueryChange.Kind.NEW), "new");
    part(parts, plan.count(QueryChange.Kind.CHANGED), "changed");
    part(parts, plan.count(QueryChange.Kind.REMOVED), "removed");
    part(parts, plan.count(Mark.BREAKING), "breaking");
    part(parts, plan.count(Mark.RESTART), "to drain and restart for");
    part(parts, plan.count(Mark.BACKFILL), "to backfill");
    return parts.isEmpty() ? "No query changes." : "Queries: " + String.join(", ", parts) + ".";
  }

  private static void part(List<String> parts, long count, String what) {
    if (count > 0) {
      parts.add(count + " " + what);
    }
  }

  private static String aspects(QueryChange query) {
    return query.aspects().stream().map(Aspect::text).collect(Collectors.joining(", ", "(", ")"));
  }

  private static String marks(QueryChange query) {
    return query.marks().stream().map(Mark::words).collect(Collectors.joining(", "));
  }

  private static String reason(Reason reason) {
    return reason.mark().words() + ": " + reason.text();
  }

  private static char sign(QueryChange query) {
    return switch (query.kind()) {
      case NEW -> '+';
      case REMOVED -> '-';
      default -> '~';
    };
  }

  private static List<String> diff(QueryChange query) {
    String before = query.sqlBefore();
    String after = query.sqlAfter();
    return before == null || after == null || before.equals(after)
        ? List.of()
        : LineDiff.of(before, after);
  }

  private static String command(DeployPlan plan, QueryChange query, TimeRange range) {
    return "beamline backfill "
        + query.name()
        + " --from "
        + (range.from() == null ? "BEGINNING_OF_THE_ARCHIVE" : range.from())
        + " --to "
        + range.to()
        + (plan.target().equals("local") ? "" : " --target " + plan.target());
  }
}
