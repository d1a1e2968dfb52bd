package dev.beamline.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real standalone Flink: a JobManager and TaskManagers, each a process of its own that has Flink
 * on its class path and nothing of ours, as the machines of a cluster have.
 */
public final class FlinkCluster implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What Flink's own distribution has. */
  private static final Pattern DISTRIBUTION =
      Pattern.compile(
          "(flink-|frocksdbjni|slf4j-|commons-|snappy|lz4-|kryo|minlog|objenesis|chill|javassist|jsr305).*\\.jar");

  private static final List<String> OPENS =
      List.of(
          "java.lang",
          "java.net",
          "java.io",
          "java.nio",
          "sun.nio.ch",
          "java.lang.reflect",
          "java.text",
          "java.time",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "java.util.concurrent.locks");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private final int rest;
  private final Process master;
  private final List<Process> workers = new java.util.concurrent.CopyOnWriteArrayList<>();
  private final Thread atExit = new Thread(this::kill);
  private int started;

  private FlinkCluster(Path folder) throws IOException {
    this.folder = folder;
    this.rest = freePort();
    Files.createDirectories(folder.resolve("conf"));
    Files.writeString(
        folder.resolve("conf/flink-conf.yaml"),
        String.join(
            "\n",
            "jobmanager.rpc.address: 127.0.0.1",
            "jobmanager.rpc.port: " + freePort(),
            "jobmanager.bind-host: 127.0.0.1",
            "rest.address: 127.0.0.1",
            "rest.bind-address: 127.0.0.1",
            "rest.port: " + rest,
            "taskmanager.host: 127.0.0.1",
            "taskmanager.bind-host: 127.0.0.1",
            "taskmanager.numberOfTaskSlots: 2",
            "cluster.evenly-spread-out-slots: true",
            "taskmanager.cpu.cores: 1",
            "taskmanager.memory.task.heap.size: 384m",
            "taskmanager.memory.task.off-heap.size: 0",
            "taskmanager.memory.framework.heap.size: 128m",
            "taskmanager.memory.framework.off-heap.size: 64m",
            "taskmanager.memory.jvm-metaspace.size: 256m",
            "taskmanager.memory.jvm-overhead.min: 64m",
            "taskmanager.memory.jvm-overhead.max: 64m",
            "taskmanager.memory.managed.size: 64m",
            "taskmanager.memory.network.min: 192m",
            "taskmanager.memory.network.max: 192m",
            "heartbeat.interval: 500",
            "heartbeat.timeout: 20000",
            "web.refresh-interval: 200",
            "metrics.fetcher.update-interval: 500",
            "restart-strategy.type: fixed-delay",
            "restart-strategy.fixed-delay.attempts: 4",
            "restart-strategy.fixed-delay.delay: 500ms",
            "io.tmp.dirs: " + folder.resolve("tmp"),
            "blob.storage.directory: " + folder.resolve("blobs"),
            ""));
    Files.createDirectories(folder.resolve("tmp"));
    Runtime.getRuntime().addShutdownHook(atExit);
    this.master = start("master", 384, "StandaloneSessionClusterEntrypoint", "entrypoint");
  }

  /** Starts one and waits until all of its parts know each other. */
  public static FlinkCluster start(Path folder, int workers)
      throws IOException, InterruptedException {
    FlinkCluster cluster = new FlinkCluster(folder);
    try {
      for (int i = 0; i < workers; i++) {
        cluster.addWorker();
      }
      cluster.awaitWorkers(workers);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process start(String name, int heap, String main, String part) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    OPENS.forEach(opened -> command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED"));
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx" + heap + "m",
            "-XX:MaxDirectMemorySize=400m",
            "-Djava.util.logging.config.file="
                + Path.of("src/test/resources/logging.properties").toAbsolutePath(),
            "-cp",
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(jar -> DISTRIBUTION.matcher(new File(jar).getName()).matches())
                .collect(Collectors.joining(File.pathSeparator)),
            "org.apache.flink.runtime." + part + "." + main,
            "--configDir",
            folder.resolve("conf").toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  /** {@code host:port} of the REST port, as a target's {@code master}. */
  public String master() {
    return "127.0.0.1:" + rest;
  }

  /** Starts one more TaskManager, of two slots. */
  public void addWorker() throws IOException {
    workers.add(start("worker-" + started++, 640, "TaskManagerRunner", "taskexecutor"));
  }

  /** Ends a TaskManager as a power cut would: kill -9. */
  public void killWorker(int index) throws InterruptedException {
    Process worker = workers.remove(index);
    worker.destroyForcibly();
    worker.waitFor();
  }

  /** Waits until so many TaskManagers can be used. */
  public void awaitWorkers(int count) throws IOException, InterruptedException {
    await(
        count + " TaskManagers",
        () ->
            get("/overview").path("taskmanagers").asInt() == count
                && get("/overview").path("slots-available").asInt() > 0);
  }

  /** What the cluster answers; a missing node where it does not. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create("http://" + master() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    return JSON.readTree(response.body());
  }

  /** A question about the cluster. */
  public interface Check {
    boolean holds() throws IOException, InterruptedException;
  }

  /** Waits for a state of the cluster, with its logs where it does not come. */
  public void await(String what, Check check) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String said = "no";
      try {
        if (check.holds()) {
          return;
        }
      } catch (IOException e) {
        said = e.toString();
      }
      if (System.nanoTime() > deadline
          || !master.isAlive()
          || workers.stream().anyMatch(worker -> !worker.isAlive())) {
        throw new AssertionError(what + " does not come (" + said + "): " + logs());
      }
      Thread.sleep(300);
    }
  }

  /** What its processes have said. */
  public String logs() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path log : files.filter(f -> f.toString().endsWith(".log")).sorted().toList()) {
        text.append(log.getFileName()).append(":\n").append(Files.readString(log));
      }
    }
    return text.toString();
  }

  private void kill() {
    workers.forEach(Process::destroyForcibly);
    master.destroyForcibly();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
    for (Process worker : workers) {
      worker.waitFor();
    }
    master.waitFor();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }
}
