package dev.beamline.deploy.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.beamline.gcs.LocalGcs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Dataflow on a port of this machine, for clients that are told so with {@code --dataflowEndpoint}.
 * Nothing runs in its jobs: it keeps what was sent and plays the states.
 */
public final class LocalDataflow implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "local-dataflow");
            thread.setDaemon(true);
            return thread;
          });
  private final DataflowApi api = new DataflowApi();
  private volatile FlexLauncher launcher =
      parameters -> {
        throw new IOException("nothing launches templates here");
      };

  /** What the service starts of a Flex Template's image. */
  public interface FlexLauncher {

    /**
     * Launches a job.
     *
     * @param parameters the request's {@code launchParameter}
     */
    void launch(JsonNode parameters) throws Exception;
  }

  private LocalDataflow(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Starts on a free port. */
  public static LocalDataflow start() throws IOException {
    return new LocalDataflow(0);
  }

  /** What it has been told and what it plays. */
  public DataflowApi api() {
    return api;
  }

  /** The value of Beam's option dataflowEndpoint. */
  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** Plays the machine that the service starts a Flex Template's image on. */
  public void setLauncher(FlexLauncher launcher) {
    this.launcher = launcher;
  }

  private HttpAnswer answer(HttpCall call) throws Exception {
    if (!call.path().endsWith("/flexTemplates:launch")) {
      return api.answer(call);
    }
    launcher.launch(call.json().path("launchParameter"));
    ObjectNode answer = HttpCall.JSON.createObjectNode();
    answer.set("job", api.newest());
    return HttpAnswer.json(answer);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      HttpAnswer answer;
      try {
        answer = answer(HttpCall.of(exchange));
      } catch (Exception e) {
        answer = HttpAnswer.error(500, "INTERNAL", e.toString());
      }
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(answer.status(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /**
   * {@code LocalDataflow [PORT [STORAGE_PORT]]}: with a Cloud Storage beside it that has the bucket
   * demo-proj-temp; prints the options for Beam and runs until it is killed.
   */
  public static void main(String[] args) throws IOException {
    LocalDataflow dataflow = new LocalDataflow(args.length > 0 ? Integer.parseInt(args[0]) : 0);
    LocalGcs storage = LocalGcs.start(args.length > 1 ? Integer.parseInt(args[1]) : 0);
    storage.makeBucket("demo-proj-temp");
    List<String> options = new ArrayList<>(storage.options());
    options.add("--dataflowEndpoint=" + dataflow.endpoint());
    options.forEach(System.out::println);
  }
}
