package dev.beamline.deploy.local;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The last run of a pipeline on this machine.
 *
 * @param pid of the process that runs it, or did
 * @param state {@code running}, {@code done} or {@code failed}
 * @param began RFC 3339
 * @param ended null: it has not
 * @param queries what became of each query's rows
 */
public record LastRun(
    String pipeline,
    String mode,
    long pid,
    String state,
    String began,
    @Nullable String ended,
    Map<String, Counts> queries) {

  static final String ENDING = ".run.json";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .build();

  public LastRun {
    queries = new TreeMap<>(queries);
  }

  /** Rows of a query. */
  public record Counts(long in, long out, long late, long refused) {}

  /** Whether its process lives. */
  public boolean running() {
    return state.equals("running")
        && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(pipeline + ENDING);
    Path part = folder.resolve(pipeline + ENDING + ".part");
    Files.write(part, JSON.writeValueAsBytes(this));
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  public static Optional<LastRun> read(Path folder, String pipeline) throws IOException {
    Path file = folder.resolve(pipeline + ENDING);
    return Files.isRegularFile(file)
        ? Optional.of(JSON.readValue(file.toFile(), LastRun.class))
        : Optional.empty();
  }
}
