package dev.beamline.pipeline.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.beamline.pipeline.run.RunLedger.QueryLine;
import dev.beamline.pipeline.run.RunLedger.SourceLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How the newest run of a warehouse goes, in a file beside it, so that a dashboard in another
 * process can tell what was read, refused and late.
 *
 * @param updated when it was written; a run that goes on writes it every second
 */
public record RunReport(
    String pipeline, State state, Instant started, Instant updated, RunLedger ledger) {

  /** A run that has not been heard of for so long was ended from outside. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Where a run stands. */
  public enum State {
    RUNNING,
    DONE,
    FAILED
  }

  /** The file of a warehouse. */
  public static Path file(Path warehouse) {
    return warehouse.resolveSibling(warehouse.getFileName() + ".run.json");
  }

  /** The same, as it stands now: a run that fell silent has failed. */
  public RunReport at(Instant now) {
    return state == State.RUNNING && Duration.between(updated, now).compareTo(SILENCE) > 0
        ? new RunReport(pipeline, State.FAILED, started, updated, ledger)
        : this;
  }

  /** Takes the place of an older one; readers see one or the other. */
  public void write(Path file) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("pipeline", pipeline);
    root.put("state", state.name());
    root.put("started", started.toString());
    root.put("updated", updated.toString());
    ObjectNode sources = root.putObject("sources");
    new TreeMap<>(ledger.sources())
        .forEach(
            (name, line) ->
                sources
                    .putObject(name)
                    .put("read", line.read())
                    .put("refused", line.refused())
                    .put("duplicates", line.duplicates()));
    ObjectNode queries = root.putObject("queries");
    new TreeMap<>(ledger.queries())
        .forEach(
            (name, line) ->
                queries
                    .putObject(name)
                    .put("rows", line.rows())
                    .put("filtered", line.filtered())
                    .put("failed", line.failed())
                    .put("late", line.late())
                    .put("corrected", line.corrected())
                    .put("emitted", line.emitted())
                    .put("withdrawn", line.withdrawn())
                    .put("written", line.written())
                    .put("failed_results", line.failedResults()));
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Path next = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    Files.write(next, JSON.writeValueAsBytes(root));
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The newest report; empty where no run has written one, or it cannot be understood. */
  public static Optional<RunReport> read(Path file) {
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      Map<String, SourceLine> sources = new TreeMap<>();
      root.path("sources")
          .fields()
          .forEachRemaining(
              e ->
                  sources.put(
                      e.getKey(),
                      new SourceLine(
                          number(e.getValue(), "read"),
                          number(e.getValue(), "refused"),
                          number(e.getValue(), "duplicates"))));
      Map<String, QueryLine> queries = new TreeMap<>();
      root.path("queries")
          .fields()
          .forEachRemaining(e -> queries.put(e.getKey(), queryLine(e.getValue())));
      return Optional.of(
          new RunReport(
              root.path("pipeline").asText(),
              State.valueOf(root.path("state").asText()),
              Instant.parse(root.path("started").asText()),
              Instant.parse(root.path("updated").asText()),
              new RunLedger(sources, queries)));
    } catch (IOException | RuntimeException e) {
      // Whatever else is in the file: a dashboard goes on without it.
      return Optional.empty();
    }
  }

  private static QueryLine queryLine(JsonNode line) {
    return new QueryLine(
        number(line, "rows"),
        number(line, "filtered"),
        number(line, "failed"),
        number(line, "late"),
        number(line, "corrected"),
        number(line, "emitted"),
        number(line, "withdrawn"),
        number(line, "written"),
        number(line, "failed_results"));
  }

  private static long number(JsonNode line, String name) {
    return line.path(name).asLong();
  }
}
