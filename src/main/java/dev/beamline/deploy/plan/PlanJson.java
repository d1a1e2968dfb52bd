package dev.beamline.deploy.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.manifest.TimeRange;
import java.util.List;
import java.util.Locale;

/** Plans for machines; documented in docs/deploy.md. */
public final class PlanJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private PlanJson() {}

  /** One document with line breaks. */
  public static String of(DeployPlan plan) {
    ObjectNode root = JSON.createObjectNode();
    root.put("project", plan.project());
    root.put("target", plan.target());
    root.put("against", plan.against());
    root.put("changed", plan.changed());
    ArrayNode pipelines = root.putArray("pipelines");
    plan.pipelines().forEach(p -> pipeline(p, pipelines.addObject()));
    ObjectNode summary = root.putObject("summary");
    for (QueryChange.Kind kind : QueryChange.Kind.values()) {
      summary.put(kind.name().toLowerCase(Locale.ROOT), plan.count(kind));
    }
    summary.put(Mark.BACKFILL.id(), plan.count(Mark.BACKFILL));
    summary.put(Mark.RESTART.id(), plan.count(Mark.RESTART));
    summary.put(Mark.BREAKING.id(), plan.count(Mark.BREAKING));
    return root.toPrettyString().replace("\r\n", "\n");
  }

  private static void pipeline(PipelineChange pipeline, ObjectNode node) {
    node.put("pipeline", pipeline.name());
    node.put("mode", pipeline.mode());
    node.put("changed", pipeline.changed());
    node.put("action", pipeline.action().id());
    node.put("job", pipeline.job());
    Manifest before = pipeline.before();
    Manifest after = pipeline.after();
    node.put("deployed_hash", before == null ? null : before.hash());
    node.put("hash", after == null ? null : after.hash());
    reasons(pipeline.reasons(), node.putArray("reasons"));
    ArrayNode queries = node.putArray("queries");
    pipeline.queries().forEach(q -> query(q, queries.addObject()));
  }

  private static void query(QueryChange query, ObjectNode node) {
    node.put("query", query.name());
    node.put("change", query.kind().name().toLowerCase(Locale.ROOT));
    if (query.renamedFrom() != null) {
      node.put("renamed_from", query.renamedFrom());
    }
    ArrayNode aspects = node.putArray("aspects");
    query.aspects().forEach(a -> aspects.add(a.text()));
    ArrayNode marks = node.putArray("marks");
    query.marks().forEach(m -> marks.add(m.id()));
    reasons(query.reasons(), node.putArray("reasons"));
    TimeRange backfill = query.backfill();
    if (backfill == null) {
      node.putNull("backfill");
    } else {
      node.putObject("backfill").put("from", backfill.from()).put("to", backfill.to());
    }
    ArrayNode readers = node.putArray("readers");
    query.readers().forEach(readers::add);
  }

  private static void reasons(List<Reason> reasons, ArrayNode nodes) {
    for (Reason reason : reasons) {
      nodes
          .addObject()
          .put("aspect", reason.aspect().text())
          .put("mark", reason.mark().id())
          .put("text", reason.text());
    }
  }
}
