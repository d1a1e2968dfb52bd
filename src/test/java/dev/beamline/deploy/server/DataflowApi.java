package dev.beamline.deploy.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dataflow's REST API as the runner and gcloud use it. Jobs run as soon as they are made; an update
 * is refused as the service does it, where a step of the old job is in the new one neither under
 * its name nor under the one that transformNameMapping gives.
 */
public final class DataflowApi {

  private static final Pattern JOBS =
      Pattern.compile("/v1b3/projects/([^/]+)(?:/locations/([^/]+))?/jobs(:aggregated)?");
  private static final Pattern JOB =
      Pattern.compile(
          "/v1b3/projects/([^/]+)(?:/locations/([^/]+))?/jobs/([^/:]+)(?:/(messages|metrics))?");
  private static final Set<String> ENDED =
      Set.of(
          "JOB_STATE_DONE",
          "JOB_STATE_FAILED",
          "JOB_STATE_CANCELLED",
          "JOB_STATE_UPDATED",
          "JOB_STATE_DRAINED");

  private final Map<String, ObjectNode> jobs = new LinkedHashMap<>();
  private final Map<String, List<String>> messages = new LinkedHashMap<>();
  private final Map<String, ArrayNode> metrics = new LinkedHashMap<>();
  private final List<String> calls = new ArrayList<>();
  private int looksUntilDrained = 1;
  private final Map<String, Integer> draining = new LinkedHashMap<>();
  private String failLaunches = "";
  private String rejectLaunches = "";

  /** How often a draining job is looked at before it has drained. Never: a large number. */
  public synchronized void setLooksUntilDrained(int looks) {
    looksUntilDrained = looks;
  }

  /** Jobs that are made from now on fail with this message; empty: no longer. */
  public synchronized void failLaunches(String message) {
    failLaunches = message;
  }

  /** Requests to make jobs are answered with an error from now on; empty: no longer. */
  public synchronized void rejectLaunches(String message) {
    rejectLaunches = message;
  }

  /** A copy of each job as it was sent, with its state; the oldest first. */
  public synchronized List<JsonNode> jobs() {
    return jobs.values().stream().map(job -> (JsonNode) job.deepCopy()).toList();
  }

  /** The last that was made. */
  public synchronized JsonNode newest() {
    return jobs().get(jobs.size() - 1);
  }

  public synchronized String state(String id) {
    return jobs.get(id).get("currentState").asText();
  }

  public synchronized void setState(String id, String state) {
    setState(jobs.get(id), state);
  }

  /** The job is gone as if it had never been. */
  public synchronized void forget(String id) {
    jobs.remove(id);
  }

  /** Counters of a job in the namespace beamline, and its watermark lag. */
  public synchronized void setCounter(String id, String name, long value) {
    ObjectNode metric =
        metrics.computeIfAbsent(id, i -> HttpCall.JSON.createArrayNode()).addObject();
    ObjectNode named = metric.putObject("name");
    named.put("origin", "user").put("name", name);
    named.putObject("context").put("namespace", "beamline");
    metric.put("scalar", value);
    metric.put("updateTime", Instant.now().toString());
  }

  /** A metric of the service itself, such as a watermark in microseconds. */
  public synchronized void setServiceMetric(String id, String name, long value) {
    ObjectNode metric =
        metrics.computeIfAbsent(id, i -> HttpCall.JSON.createArrayNode()).addObject();
    metric.putObject("name").put("origin", "dataflow/v1b3").put("name", name);
    metric.put("scalar", value);
  }

  /** Method and path of each request so far. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  synchronized HttpAnswer answer(HttpCall call) throws IOException {
    calls.add(call.method() + " " + call.path());
    Matcher all = JOBS.matcher(call.path());
    if (all.matches()) {
      return call.method().equals("POST")
          ? create(call, all.group(1), all.group(2))
          : list(call, all.group(1), all.group(2));
    }
    Matcher one = JOB.matcher(call.path());
    if (!one.matches()) {
      return HttpAnswer.error(404, "NOT_FOUND", call.path());
    }
    ObjectNode job = jobs.get(one.group(3));
    if (job == null) {
      return HttpAnswer.error(
          404,
          "NOT_FOUND",
          "(1a2b): Information about job " + one.group(3) + " could not be found in our system.");
    }
    if ("messages".equals(one.group(4))) {
      return messages(one.group(3));
    }
    if ("metrics".equals(one.group(4))) {
      ObjectNode answer =
          HttpCall.JSON.createObjectNode().put("metricTime", Instant.now().toString());
      answer.set("metrics", metrics.getOrDefault(one.group(3), HttpCall.JSON.createArrayNode()));
      return HttpAnswer.json(answer);
    }
    if (call.method().equals("PUT")) {
      return update(job, call.json());
    }
    return HttpAnswer.json(shown(look(job), call.parameter("view").orElse("")));
  }

  private HttpAnswer messages(String id) {
    ObjectNode answer = HttpCall.JSON.createObjectNode();
    ArrayNode list = answer.putArray("jobMessages");
    int number = 0;
    for (String text : messages.getOrDefault(id, List.of())) {
      list.addObject()
          .put("id", "m" + number++)
          .put("time", Instant.now().toString())
          .put("messageImportance", "JOB_MESSAGE_ERROR")
          .put("messageText", text);
    }
    return HttpAnswer.json(answer);
  }

  private ObjectNode look(ObjectNode job) {
    String id = job.get("id").asText();
    Integer left = draining.get(id);
    if (left != null) {
      if (left <= 0) {
        draining.remove(id);
        setState(job, "JOB_STATE_DRAINED");
      } else {
        draining.put(id, left - 1);
      }
    }
    return job;
  }

  private static void setState(ObjectNode job, String state) {
    job.put("currentState", state).put("currentStateTime", Instant.now().toString());
  }

  private HttpAnswer update(ObjectNode job, JsonNode change) {
    String state = job.get("currentState").asText();
    String wanted = change.path("requestedState").asText();
    if (!wanted.isEmpty()) {
      if (ENDED.contains(state)) {
        return HttpAnswer.error(
            400, "FAILED_PRECONDITION", "(3c4d): the job is already in a terminal state");
      }
      job.put("requestedState", wanted);
      if (wanted.equals("JOB_STATE_DRAINED")) {
        setState(job, "JOB_STATE_DRAINING");
        draining.put(job.get("id").asText(), looksUntilDrained);
      } else if (wanted.equals("JOB_STATE_CANCELLED")) {
        setState(job, "JOB_STATE_CANCELLED");
      }
    }
    if (change.has("labels")) {
      job.set("labels", change.get("labels"));
    }
    return HttpAnswer.json(shown(job, ""));
  }

  private HttpAnswer create(HttpCall call, String project, String region) throws IOException {
    if (!rejectLaunches.isEmpty()) {
      return HttpAnswer.error(403, "PERMISSION_DENIED", rejectLaunches);
    }
    ObjectNode job = (ObjectNode) call.json();
    String name = job.path("name").asText();
    String replaced = job.path("replaceJobId").asText();
    ObjectNode old = replaced.isEmpty() ? null : jobs.get(replaced);
    if (old == null) {
      for (ObjectNode other : jobs.values()) {
        if (other.path("name").asText().equals(name)
            && !ENDED.contains(other.get("currentState").asText())) {
          return HttpAnswer.error(
              409,
              "ALREADY_EXISTS",
              "(5e6f): There is already an active job named "
                  + name
                  + ". If you want to submit a second job, try again by setting a different name.");
        }
      }
    }
    String id = String.format("2026-01-01_00_00_%02d-%d", jobs.size() % 60, 1000 + jobs.size());
    job.put("id", id)
        .put("projectId", project)
        .put("location", region == null ? "us-central1" : region);
    job.put("createTime", Instant.now().toString()).put("startTime", Instant.now().toString());
    if (!job.has("type")) {
      job.put("type", "JOB_TYPE_STREAMING");
    }
    jobs.put(id, job);
    String wrong = failLaunches;
    if (wrong.isEmpty() && old != null) {
      wrong = incompatibility(old, job);
    }
    if (!wrong.isEmpty()) {
      setState(job, "JOB_STATE_FAILED");
      messages.put(id, List.of(wrong));
    } else {
      setState(job, "JOB_STATE_RUNNING");
      if (old != null) {
        setState(old, "JOB_STATE_UPDATED");
        old.put("replacedByJobId", id);
      }
    }
    return HttpAnswer.json(shown(job, ""));
  }

  /** What the service says of an update; empty where it is accepted. */
  private static String incompatibility(JsonNode old, JsonNode job) {
    Map<String, String> mapping = new LinkedHashMap<>();
    job.path("transformNameMapping")
        .fields()
        .forEachRemaining(e -> mapping.put(e.getKey(), e.getValue().asText()));
    Set<String> there = steps(job);
    Set<String> missing = new LinkedHashSet<>();
    for (String step : steps(old)) {
      String name = renamed(step, mapping);
      if (!name.isEmpty() && !there.contains(name)) {
        missing.add(step);
      }
    }
    return missing.isEmpty()
        ? ""
        : "The new job is not compatible with "
            + old.path("id").asText()
            + ". The original job has not been aborted. The new job is missing steps "
            + String.join(", ", missing)
            + ". If these steps have been renamed or deleted, please specify them with the update"
            + " command.";
  }

  /** A step's new name: a mapping holds for all below the step it names. */
  private static String renamed(String step, Map<String, String> mapping) {
    String prefix = step;
    while (!prefix.isEmpty()) {
      Optional<String> to = Optional.ofNullable(mapping.get(prefix));
      if (to.isPresent()) {
        return to.get().isEmpty() ? "" : to.get() + step.substring(prefix.length());
      }
      int slash = prefix.lastIndexOf('/');
      prefix = slash < 0 ? "" : prefix.substring(0, slash);
    }
    return step;
  }

  /** The names of a job's steps as its author gave them. */
  public static Set<String> steps(JsonNode job) {
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode step : job.path("steps")) {
      JsonNode name = step.path("properties").path("user_name");
      names.add((name.isObject() ? name.path("value") : name).asText());
    }
    return names;
  }

  private HttpAnswer list(HttpCall call, String project, String region) {
    ObjectNode answer = HttpCall.JSON.createObjectNode();
    ArrayNode list = answer.putArray("jobs");
    String filter = call.parameter("filter").orElse("ALL");
    String name = call.parameter("name").orElse("");
    List<ObjectNode> newestFirst = new ArrayList<>(jobs.values());
    java.util.Collections.reverse(newestFirst);
    for (ObjectNode job : newestFirst) {
      boolean ended = ENDED.contains(look(job).get("currentState").asText());
      boolean wanted = filter.equals("ACTIVE") ? !ended : !filter.equals("TERMINATED") || ended;
      if (wanted
          && job.path("projectId").asText().equals(project)
          && (region == null || job.path("location").asText().equals(region))
          && (name.isEmpty() || job.path("name").asText().equals(name))) {
        list.add(shown(job, call.parameter("view").orElse("")));
      }
    }
    return HttpAnswer.json(answer);
  }

  /** As the service answers: the steps only where all was asked for. */
  private static ObjectNode shown(ObjectNode job, String view) {
    ObjectNode shown = job.deepCopy();
    if (!view.equals("JOB_VIEW_ALL")) {
      shown.remove("steps");
      ((ObjectNode) shown.withObject("/environment")).remove("sdkPipelineOptions");
    }
    return shown;
  }
}
