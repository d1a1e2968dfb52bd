package dev.beamline.report.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Serves the dashboard: one page, its script, and the results as JSON. Only reads. Answers only to
 * the names of this machine while it listens on loopback, so that no page of another site can read
 * along.
 */
public final class DashboardServer implements AutoCloseable {

  /** What a page may ask for at once. */
  static final int MAX_ROWS = 20_000;

  private static final String CHART_LIBRARY =
      "/META-INF/resources/webjars/chart.js/4.4.9/dist/chart.umd.js";

  private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private static final String SCRIPT = "text/javascript; charset=utf-8";

  private static final List<String> MODULES =
      List.of(
          "app",
          "api",
          "dom",
          "format",
          "metric",
          "model",
          "overview",
          "plot",
          "refused",
          "series",
          "table",
          "theme");

  private static final Map<String, Asset> ASSETS = assets();

  private final HttpServer server;
  private final ExecutorService threads;
  private final String project;
  private final MetricStore store;
  private final boolean loopback;

  /**
   * Starts to listen.
   *
   * @param port 0: any free one
   * @throws IOException where the port is taken
   */
  public DashboardServer(String project, MetricStore store, InetAddress address, int port)
      throws IOException {
    this.project = project;
    this.store = store;
    loopback = address.isLoopbackAddress();
    server = HttpServer.create(new InetSocketAddress(address, port), 0);
    threads =
        Executors.newFixedThreadPool(
            4,
            task -> {
              Thread thread = new Thread(task, "dashboard");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where a browser finds it. */
  public String url() {
    String host = loopback ? "127.0.0.1" : server.getAddress().getHostString();
    return "http://" + host + ":" + server.getAddress().getPort() + "/";
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange);
      var headers = exchange.getResponseHeaders();
      headers.set("Content-Type", answer.type());
      headers.set("Cache-Control", "no-store");
      headers.set("X-Content-Type-Options", "nosniff");
      headers.set("Referrer-Policy", "no-referrer");
      headers.set(
          "Content-Security-Policy",
          "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), head ? -1 : answer.body().length);
      if (!head) {
        exchange.getResponseBody().write(answer.body());
      }
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    if (loopback && !LOCAL_NAMES.contains(hostName(exchange))) {
      return Answer.text(403, "This dashboard answers only to localhost.");
    }
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return Answer.text(405, "Only GET.");
    }
    String path = exchange.getRequestURI().getPath();
    Asset asset = ASSETS.get(path);
    if (asset != null) {
      return new Answer(200, asset.type(), asset.read());
    }
    try {
      if (path.equals("/api/version")) {
        return Answer.json(DashboardJson.text("version", store.version()));
      }
      if (path.equals("/api/project")) {
        return Answer.json(
            DashboardJson.project(project, store.metrics(), store.refused(), store.run()));
      }
      if (path.startsWith("/api/rows/")) {
        return rows(path.substring("/api/rows/".length()), query(exchange));
      }
      if (path.startsWith("/api/refused/")) {
        return refused(path.substring("/api/refused/".length()), query(exchange));
      }
    } catch (IOException e) {
      return Answer.text(503, "The results cannot be read now: " + e.getMessage());
    }
    return Answer.text(404, "There is no page " + path);
  }

  private Answer rows(String metric, Map<String, String> query) throws IOException {
    if (store.metrics().stream().noneMatch(m -> m.name().equals(metric))) {
      return Answer.text(404, "There is no metric " + metric);
    }
    OptionalInt limit = limit(query, 2000);
    return limit.isEmpty()
        ? Answer.text(400, "limit must be a number from 1 to " + MAX_ROWS)
        : Answer.json(DashboardJson.rows(store.rows(metric, limit.getAsInt())));
  }

  private Answer refused(String table, Map<String, String> query) throws IOException {
    if (store.refused().stream().noneMatch(r -> r.table().equals(table))) {
      return Answer.text(404, "There are no refused records in " + table);
    }
    OptionalInt limit = limit(query, 200);
    return limit.isEmpty()
        ? Answer.text(400, "limit must be a number from 1 to " + MAX_ROWS)
        : Answer.json(DashboardJson.rows(store.refusedRows(table, limit.getAsInt())));
  }

  private static OptionalInt limit(Map<String, String> query, int otherwise) {
    try {
      int limit = Integer.parseInt(query.getOrDefault("limit", String.valueOf(otherwise)));
      return limit < 1 || limit > MAX_ROWS ? OptionalInt.empty() : OptionalInt.of(limit);
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  private static Map<String, Asset> assets() {
    Map<String, Asset> assets = new HashMap<>();
    assets.put("/", new Asset("index.html", "text/html; charset=utf-8"));
    assets.put("/style.css", new Asset("style.css", "text/css; charset=utf-8"));
    assets.put("/favicon.svg", new Asset("favicon.svg", "image/svg+xml"));
    for (String module : MODULES) {
      assets.put("/" + module + ".js", new Asset(module + ".js", SCRIPT));
    }
    assets.put("/chart.js", new Asset(CHART_LIBRARY, SCRIPT));
    return Map.copyOf(assets);
  }

  private static String hostName(HttpExchange exchange) {
    @Nullable String host = exchange.getRequestHeaders().getFirst("Host");
    return host == null ? "" : host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
  }

  private static Map<String, String> query(HttpExchange exchange) {
    @Nullable String raw = exchange.getRequestURI().getRawQuery();
    Map<String, String> values = new HashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          values.put(
              pair.substring(0, equals),
              URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
      }
    }
    return values;
  }

  private record Asset(String resource, String type) {
    byte[] read() throws IOException {
      try (InputStream in = DashboardServer.class.getResourceAsStream(resource)) {
        if (in == null) {
          throw new IOException("not on the class path: " + resource);
        }
        return in.readAllBytes();
      }
    }
  }

  private record Answer(int status, String type, byte[] body) {
    static Answer json(byte[] body) {
      return new Answer(200, "application/json; charset=utf-8", body);
    }

    static Answer text(int status, String text) {
      return new Answer(
          status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}
