package dev.beamline.report.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.pipeline.run.RunLedger;
import dev.beamline.pipeline.run.RunReport;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DashboardServerTest {

  private static final Schema SCHEMA =
      Schema.of(
          Column.of("team", ScalarType.STRING),
          Column.of("total", ScalarType.INT64),
          Column.of("window_start", ScalarType.TIMESTAMP));

  private DashboardServer server;

  @BeforeEach
  void start() throws IOException {
    server = new DashboardServer("game", new FakeStore(), InetAddress.getLoopbackAddress(), 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String get(String path, int status) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(server.url() + path).toURL().openConnection();
    assertEquals(status, connection.getResponseCode());
    var stream = status < 400 ? connection.getInputStream() : connection.getErrorStream();
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void servesThePageAndAllThatItLoads() throws IOException {
    assertTrue(get("", 200).contains("app.js"));
    String app = get("app.js", 200);
    assertTrue(app.contains("refresh"));
    Matcher imports = Pattern.compile("from '\\./(\\w+\\.js)'").matcher(app);
    while (imports.find()) {
      assertTrue(get(imports.group(1), 200).contains("export"), imports.group(1));
    }
    assertTrue(get("chart.js", 200).contains("Chart.js v4"));
    assertTrue(get("style.css", 200).contains("--page"));
    assertTrue(get("favicon.svg", 200).contains("<svg"));
  }

  @Test
  void givesRowsAsJsonWithNumbersThatJavaScriptKeeps() throws IOException {
    assertEquals(
        "{\"columns\":[{\"name\":\"team\",\"type\":\"STRING\",\"description\":null},"
            + "{\"name\":\"total\",\"type\":\"INT64\",\"description\":null},"
            + "{\"name\":\"window_start\",\"type\":\"TIMESTAMP\",\"description\":null}],"
            + "\"more\":false,\"rows\":[[\"blue\",7,\"1970-01-01T00:00:00.000001Z\"],"
            + "[null,\"9007199254740993\",null]]}",
        get("api/rows/score", 200));
  }

  @Test
  void tellsOfMetricsRefusedRecordsAndTheRun() throws IOException {
    String json = get("api/project", 200);
    assertTrue(json.contains("\"lateDropped\":2,\"lateCounted\":1"), json);
    assertTrue(json.contains("\"speculative\":1"), json);
    assertTrue(json.contains("\"newest\":\"1970-01-01T00:00:00.000001Z\""), json);
    assertTrue(json.contains("\"pipeline\":\"live\",\"state\":\"running\""), json);
    assertTrue(json.contains("\"read\":9,\"used\":5,\"refused\":3,\"duplicates\":1"), json);
    assertTrue(get("api/refused/errors", 200).contains("[[\"{<\"]]"));
  }

  @Test
  void namesWhatIsAskedForInVain() throws IOException {
    assertEquals("There is no metric nothing\n", get("api/rows/nothing", 404));
    assertEquals("limit must be a number from 1 to 20000\n", get("api/rows/score?limit=0", 400));
    assertEquals("limit must be a number from 1 to 20000\n", get("api/rows/score?limit=x", 400));
    assertEquals("There are no refused records in x\n", get("api/refused/x", 404));
    assertEquals("There is no page /etc/passwd\n", get("etc/passwd", 404));
  }

  @Test
  void answersNoPageOfAnotherSite() throws IOException {
    URI url = URI.create(server.url());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /api/project HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
    }
  }

  private static final class FakeStore implements MetricStore {
    @Override
    public String version() {
      return "1";
    }

    @Override
    public List<Metric> metrics() {
      return List.of(
          new Metric(
              "score",
              "score",
              "Points",
              null,
              null,
              SCHEMA,
              List.of("team", "window_start"),
              Set.of("total"),
              null,
              false,
              new Counts(2, 1, 0, 1L),
              60L,
              null));
    }

    @Override
    public Rows rows(String metric, int limit) {
      return new Rows(
          SCHEMA,
          List.of(Tuple.of("blue", 7L, 1L), Tuple.of(null, 9007199254740993L, null)),
          false);
    }

    @Override
    public List<Refused> refused() {
      return List.of(new Refused("errors", "game_events", 3));
    }

    @Override
    public Rows refusedRows(String table, int limit) {
      return new Rows(
          Schema.of(Column.of("input", ScalarType.STRING)), List.of(Tuple.of("{<")), false);
    }

    @Override
    public Optional<RunReport> run() {
      return Optional.of(
          new RunReport(
              "live",
              RunReport.State.RUNNING,
              Instant.EPOCH,
              Instant.EPOCH,
              new RunLedger(
                  Map.of("game_events", new RunLedger.SourceLine(9, 3, 1)),
                  Map.of("score", new RunLedger.QueryLine(5, 1, 0, 2, 1, 4, 0, 4, 0)))));
    }
  }
}
