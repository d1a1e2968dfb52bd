package dev.beamline.pipeline.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The counters of a job that goes on, from the metrics that a cluster's REST port tells: Beam's own
 * results have them only when the job has ended. They are some seconds old.
 */
public final class FlinkCounters {

  /**
   * Beam puts namespace and name behind the operator's, and Flink writes an underscore for what it
   * does not like in a name, such as the colon of ours: {@code kind:name}.
   */
  private static final Pattern OURS =
      Pattern.compile(
          ".*beamline[_.:]+(read|refused|duplicates|rows|filtered|failed|assigned|late_dropped"
              + "|late_counted|emitted|withdrawn|written|lateness_[0-9a-z]+)[_:]([A-Za-z_]\\w*)");

  private static final String NAMESPACE = "beamline";
  private static final int IDS_AT_ONCE = 40;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final String job;

  /** Of a job on the cluster at {@code host:port}. */
  public FlinkCounters(String master, String job) {
    this.job = "http://" + master + "/jobs/" + job;
  }

  /** The ledger as it stands; empty where the cluster does not tell. */
  public Optional<RunLedger> ledger() throws InterruptedException {
    try {
      Map<String, Map<String, Long>> counts = new TreeMap<>();
      for (JsonNode vertex : get(job).path("vertices")) {
        add(job + "/vertices/" + vertex.path("id").asText() + "/subtasks/metrics", counts);
      }
      return Optional.of(RunLedger.of(counts));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void add(String metrics, Map<String, Map<String, Long>> counts)
      throws IOException, InterruptedException {
    Map<String, Matcher> ids = new LinkedHashMap<>();
    for (JsonNode metric : get(metrics)) {
      String id = metric.path("id").asText();
      Matcher ours = OURS.matcher(id);
      if (id.contains(NAMESPACE) && !id.contains(",") && ours.matches()) {
        ids.put(id, ours);
      }
    }
    List<String> all = new ArrayList<>(ids.keySet());
    for (int i = 0; i < all.size(); i += IDS_AT_ONCE) {
      List<String> some = all.subList(i, Math.min(all.size(), i + IDS_AT_ONCE));
      String query =
          "?agg=sum&get=" + URLEncoder.encode(String.join(",", some), StandardCharsets.UTF_8);
      for (JsonNode metric : get(metrics + query)) {
        Matcher name = ids.get(metric.path("id").asText());
        if (name != null) {
          counts
              .computeIfAbsent(name.group(2), n -> new TreeMap<>())
              .merge(name.group(1), Math.round(metric.path("sum").asDouble()), Long::sum);
        }
      }
    }
  }

  private JsonNode get(String uri) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(uri)).timeout(PATIENCE).build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(uri + " answers " + response.statusCode());
    }
    return JSON.readTree(response.body());
  }
}
