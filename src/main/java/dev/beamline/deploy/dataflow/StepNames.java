package dev.beamline.deploy.dataflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.api.services.dataflow.model.Job;
import com.google.api.services.dataflow.model.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a job by the names that its author gave them, and which of them keep something: the
 * service hands it on to the step of that name in the job that takes over.
 *
 * @param stateful by name: whether the step keeps state, groups, or where it has read to
 */
record StepNames(Map<String, Boolean> stateful) {

  private static final Set<String> KEEPING = Set.of("GroupByKey", "ParallelRead");

  /** Of a job that runs. */
  static StepNames of(Job job) {
    Map<String, Boolean> steps = new LinkedHashMap<>();
    if (job.getSteps() != null) {
      for (Step step : job.getSteps()) {
        Map<String, Object> properties = step.getProperties();
        if (properties != null && properties.get("user_name") != null) {
          steps.put(
              plain(properties.get("user_name")),
              KEEPING.contains(step.getKind())
                  || plain(properties.get("uses_keyed_state")).equals("true"));
        }
      }
    }
    return new StepNames(steps);
  }

  /** Of a job as the runner has written it down. */
  static StepNames of(JsonNode job) {
    Map<String, Boolean> steps = new LinkedHashMap<>();
    for (JsonNode step : job.path("steps")) {
      JsonNode properties = step.path("properties");
      steps.put(
          plain(properties.path("user_name")),
          KEEPING.contains(step.path("kind").asText())
              || plain(properties.path("uses_keyed_state")).equals("true"));
    }
    return new StepNames(steps);
  }

  /** A value, which the runner may have put into an object that tells its type. */
  private static String plain(@Nullable Object value) {
    if (value instanceof JsonNode node) {
      return (node.isObject() ? node.path("value") : node).asText();
    }
    return String.valueOf(value instanceof Map<?, ?> object ? object.get("value") : value);
  }

  /**
   * What an update tells the service of the steps that it would miss.
   *
   * @param names old name to new, empty where the step is gone
   * @param lost steps that keep something and would be gone, though their query stays
   */
  record Mapping(Map<String, String> names, List<String> lost) {}

  /**
   * Where each step of this job is in the next one.
   *
   * @param renamed queries by their old name
   * @param removed whether what belongs to this query or source is meant to go
   */
  Mapping to(StepNames next, Map<String, String> renamed, Set<String> removed) {
    Map<String, String> names = new LinkedHashMap<>();
    List<String> lost = new ArrayList<>();
    stateful.forEach(
        (step, keeps) -> {
          if (next.stateful.containsKey(step)) {
            return;
          }
          int slash = step.indexOf('/');
          String owner = slash < 0 ? step : step.substring(0, slash);
          String query = renamed.get(owner);
          if (query != null) {
            String moved = query + step.substring(owner.length());
            if (next.stateful.containsKey(moved)) {
              names.put(step, moved);
              return;
            }
          }
          names.put(step, "");
          if (keeps && !removed.contains(owner)) {
            lost.add(step);
          }
        });
    return new Mapping(names, lost);
  }
}
