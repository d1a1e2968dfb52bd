package dev.beamline.pipeline.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a Flink cluster is asked and told over its REST port. */
public final class FlinkRest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int OK = 200;
  private static final int ACCEPTED = 202;

  /** Later watermarks mean that a stream has ended. */
  private static final long LAST_MILLIS = 253_402_300_799_000L;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final String master;

  /**
   * Of a cluster.
   *
   * @param master {@code host:port}
   */
  public FlinkRest(String master) {
    this.master = master;
  }

  /**
   * A job that the cluster knows.
   *
   * @param state as the cluster calls it, such as RUNNING
   * @param since when it was submitted
   */
  public record Job(String id, String name, String state, Instant since) {

    /** Whether it will never run again. */
    public boolean hasEnded() {
      return FlinkRest.hasEnded(state);
    }
  }

  /**
   * How far a job has come with its start.
   *
   * @param tasks steps as Flink chains them
   * @param working of those: work, or have done so
   */
  public record Progress(String state, int tasks, int working) {

    /** Whether all of it works. */
    public boolean works() {
      return state.equals("RUNNING") && tasks > 0 && working == tasks;
    }
  }

  /** Whether a job in this state will never run again. */
  public static boolean hasEnded(String state) {
    return state.equals("FINISHED") || state.equals("CANCELED") || state.equals("FAILED");
  }

  /** A folder as Flink wants it; null: none. */
  public static @Nullable String uri(@Nullable String folder) {
    return folder == null ? null : StateFolder.uri(folder);
  }

  /** How far a job has come with its start. */
  public Progress progress(String job) throws IOException, InterruptedException {
    JsonNode answer = get("/jobs/" + job);
    int tasks = 0;
    int working = 0;
    for (JsonNode vertex : answer.path("vertices")) {
      String status = vertex.path("status").asText();
      tasks++;
      working += status.equals("RUNNING") || status.equals("FINISHED") ? 1 : 0;
    }
    return new Progress(answer.path("state").asText(), tasks, working);
  }

  /** Up to when a job has seen all events: the least of its steps' watermarks; empty: not told. */
  public Optional<Instant> watermark(String job) throws IOException, InterruptedException {
    long least = Long.MAX_VALUE;
    for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
      for (JsonNode mark :
          get("/jobs/" + job + "/vertices/" + vertex.path("id").asText() + "/watermarks")) {
        long millis = mark.path("value").asLong(Long.MAX_VALUE);
        least = Math.min(least, millis < 0 ? Long.MIN_VALUE : millis);
      }
    }
    return least < 0 || least > LAST_MILLIS
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(least));
  }

  /** All jobs, the newest first, also some that have ended. */
  public List<Job> jobs() throws IOException, InterruptedException {
    List<Job> jobs = new ArrayList<>();
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      jobs.add(
          new Job(
              job.path("jid").asText(),
              job.path("name").asText(),
              job.path("state").asText(),
              Instant.ofEpochMilli(job.path("start-time").asLong())));
    }
    jobs.sort(java.util.Comparator.comparing(Job::since).reversed());
    return jobs;
  }

  /** The state of a job, such as RUNNING. */
  public String state(String job) throws IOException, InterruptedException {
    return get("/jobs/" + job).path("state").asText();
  }

  /** How the cluster is configured. */
  public Map<String, String> configuration() throws IOException, InterruptedException {
    Map<String, String> all = new TreeMap<>();
    for (JsonNode entry : get("/jobmanager/config")) {
      all.put(entry.path("key").asText(), entry.path("value").asText());
    }
    return all;
  }

  /** The pipeline options that a job was submitted with. */
  public Map<String, String> options(String job) throws IOException, InterruptedException {
    Map<String, String> all = new TreeMap<>();
    get("/jobs/" + job + "/config")
        .path("execution-config")
        .path("user-config")
        .fields()
        .forEachRemaining(field -> all.put(field.getKey(), field.getValue().asText()));
    return all;
  }

  /** The newest complete checkpoint or savepoint of a job; empty: it has none that is kept. */
  public Optional<String> newestCheckpoint(String job) throws IOException, InterruptedException {
    JsonNode latest = get("/jobs/" + job + "/checkpoints").path("latest");
    JsonNode newest = null;
    for (String kind : List.of("completed", "savepoint")) {
      JsonNode one = latest.path(kind);
      if (one.hasNonNull("external_path")
          && (newest == null || one.path("id").asLong() > newest.path("id").asLong())) {
        newest = one;
      }
    }
    return Optional.ofNullable(newest)
        .map(one -> one.path("external_path").asText())
        .filter(path -> path.contains("/"));
  }

  /** Why a job has failed, in the cluster's words; empty: it has not, or nobody knows. */
  public String failure(String job) throws IOException, InterruptedException {
    JsonNode exceptions = get("/jobs/" + job + "/exceptions");
    return cause(exceptions.path("root-exception").asText(""));
  }

  /** How often a job has gone back to a checkpoint. */
  public long restarts(String job) throws IOException, InterruptedException {
    JsonNode metrics = get("/jobs/" + job + "/metrics?get=numRestarts");
    return metrics.isEmpty() ? 0 : metrics.get(0).path("value").asLong();
  }

  /** Whether any task of a job was done again after a failure. */
  public boolean hasRetried(String job) throws IOException, InterruptedException {
    for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
      for (JsonNode task :
          get("/jobs/" + job + "/vertices/" + vertex.path("id").asText()).path("subtasks")) {
        if (task.path("attempt").asInt() > 0) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Ends a job with a savepoint, and returns when it is there.
   *
   * @param folder where it goes; null: where the cluster keeps them
   * @param drain whether event time goes to its end, so that all windows close
   * @return where it is
   * @throws IOException where none can be made; the job goes on then
   */
  public String stop(String job, @Nullable String folder, boolean drain, Duration most)
      throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode().put("drain", drain).put("formatType", "CANONICAL");
    if (folder != null) {
      body.put("targetDirectory", folder);
    }
    String request = send("POST", "/jobs/" + job + "/stop", body).path("request-id").asText();
    long end = System.nanoTime() + most.toNanos();
    while (true) {
      JsonNode answer = get("/jobs/" + job + "/savepoints/" + request);
      if (answer.path("status").path("id").asText().equals("COMPLETED")) {
        JsonNode operation = answer.path("operation");
        if (operation.hasNonNull("location")) {
          return operation.path("location").asText();
        }
        throw ClusterException.failed(
            "the job cannot be stopped with a savepoint: "
                + cause(operation.path("failure-cause").path("stack-trace").asText()),
            null);
      }
      if (System.nanoTime() > end) {
        throw ClusterException.failed(
            "the savepoint of job " + job + " is not there after " + most.toSeconds() + " s", null);
      }
      Thread.sleep(POLL.toMillis());
    }
  }

  /** Ends a job at once. */
  public void cancel(String job) throws IOException, InterruptedException {
    send("PATCH", "/jobs/" + job + "?mode=cancel", JSON.createObjectNode());
  }

  private static String cause(String trace) {
    String last = "";
    for (String line : trace.lines().toList()) {
      if (last.isEmpty() || line.startsWith("Caused by: ")) {
        last = line.replaceFirst("^Caused by: ", "");
      }
    }
    return last;
  }

  /**
   * An answer.
   *
   * @throws IOException where there is none, or a refusal, in the cluster's own words
   */
  public JsonNode get(String path) throws IOException, InterruptedException {
    return send("GET", path, null);
  }

  private JsonNode send(String method, String path, @Nullable JsonNode body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + master + path)).timeout(PATIENCE);
    request.method(
        method,
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body.toString()));
    request.header("Content-Type", "application/json");
    HttpResponse<String> response;
    try {
      response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw ClusterException.failed(
          "the Flink cluster " + master + " does not answer: " + String.valueOf(e.getMessage()), e);
    }
    if (response.statusCode() != OK && response.statusCode() != ACCEPTED) {
      throw ClusterException.failed(
          "the Flink cluster "
              + master
              + " answers "
              + response.statusCode()
              + " to "
              + path
              + ": "
              + refusal(response.body()),
          null);
    }
    return JSON.readTree(response.body());
  }

  private static String refusal(String body) {
    try {
      JsonNode errors = JSON.readTree(body).path("errors");
      return errors.isEmpty() ? body : cause(errors.get(errors.size() - 1).asText());
    } catch (IOException e) {
      return body;
    }
  }
}
