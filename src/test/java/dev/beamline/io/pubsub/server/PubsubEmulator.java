package dev.beamline.io.pubsub.server;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Google's own emulator, a process of its own, from the gcloud that is on the PATH. */
public final class PubsubEmulator implements PubsubService {

  private final Process process;
  private final int port;

  private PubsubEmulator(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it; empty where it is not installed. */
  public static Optional<PubsubEmulator> start() throws IOException, InterruptedException {
    Optional<Path> jar = jar();
    if (jar.isEmpty()) {
      return Optional.empty();
    }
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                jar.get().toString(),
                "--host=127.0.0.1",
                "--port=" + port)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    PubsubEmulator emulator = new PubsubEmulator(process, port);
    Instant until = Instant.now().plus(Duration.ofSeconds(90));
    while (Instant.now().isBefore(until)) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        return Optional.of(emulator);
      } catch (IOException e) {
        Thread.sleep(200);
      }
    }
    emulator.close();
    throw new IOException("the emulator did not start");
  }

  private static Optional<Path> jar() throws IOException {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path gcloud = Path.of(folder, "gcloud");
      if (Files.isExecutable(gcloud)) {
        Path sdk = gcloud.toRealPath().getParent().getParent();
        Path lib = sdk.resolve("platform/pubsub-emulator/lib");
        if (Files.isDirectory(lib)) {
          try (Stream<Path> jars = Files.list(lib)) {
            return jars.filter(p -> p.toString().endsWith("-all.jar")).findFirst();
          }
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public String rootUrl() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
