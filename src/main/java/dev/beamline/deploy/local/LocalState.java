package dev.beamline.deploy.local;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.manifest.ManifestFile;
import dev.beamline.deploy.manifest.QueryManifest;
import dev.beamline.deploy.manifest.TimeRange;
import dev.beamline.deploy.plan.Deployed;
import dev.beamline.io.duckdb.RowOrder;
import dev.beamline.io.duckdb.Warehouse;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The manifests of what runs of this machine have made tables by: in a folder beside the warehouse,
 * {@code warehouse.duckdb.deployed/PIPELINE.json}, or of the project where the tables are
 * elsewhere.
 */
public final class LocalState {

  private final @Nullable Path warehouse;
  private final Path folder;

  private LocalState(@Nullable Path warehouse, Path folder) {
    this.warehouse = warehouse;
    this.folder = folder;
  }

  /**
   * The state of a target that has a warehouse or runs in the process that starts it; null: a
   * service or cluster knows what it runs.
   */
  public static @Nullable LocalState of(Project project, Target target) {
    String path = target.common().warehouse();
    if (path != null) {
      Path warehouse = project.resolve(path);
      return new LocalState(
          warehouse, warehouse.resolveSibling(warehouse.getFileName() + ".deployed"));
    }
    return target.hasWorkers()
        ? null
        : new LocalState(null, project.resolve(".beamline/state/" + target.name() + ".deployed"));
  }

  /** The folder that holds it. */
  public Path folder() {
    return folder;
  }

  /** All pipelines that have run, with what their tables really are. */
  public List<Deployed> read() throws IOException {
    List<Deployed> all = new ArrayList<>();
    for (Manifest manifest : manifests()) {
      all.add(new Deployed(manifest, null, false, tables(manifest)));
    }
    return all;
  }

  private List<Manifest> manifests() throws IOException {
    List<Manifest> all = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      List<Path> files;
      try (Stream<Path> list = Files.list(folder)) {
        files = list.filter(f -> f.toString().endsWith(".json")).sorted().toList();
      }
      for (Path file : files) {
        if (!file.getFileName().toString().endsWith(LastRun.ENDING)) {
          all.addAll(ManifestFile.read(file));
        }
      }
    }
    return all;
  }

  /**
   * Notes what a run has made.
   *
   * @param manifest of the queries that have run
   * @param whole whether these are all of the pipeline's; else what the others were made by stays
   */
  public void record(Manifest manifest, boolean whole) throws IOException {
    Manifest old =
        manifests().stream()
            .filter(m -> m.pipeline().equals(manifest.pipeline()))
            .findFirst()
            .orElse(null);
    Map<String, QueryManifest> made = new TreeMap<>();
    if (old != null && !whole) {
      made.putAll(old.queries());
    }
    made.putAll(manifest.queries());
    String since = old == null || old.since() == null ? manifest.created() : old.since();
    Manifest all = manifest.withQueries(made).withSince(since);
    ManifestFile.write(
        folder.resolve(manifest.pipeline() + ".json"), List.of(all.withHistory(history(all))));
  }

  /** Of a pipeline that the project has no longer. Its tables stay. */
  public void forget(String pipeline) throws IOException {
    Files.deleteIfExists(folder.resolve(pipeline + ".json"));
    Files.deleteIfExists(folder.resolve(pipeline + LastRun.ENDING));
  }

  private Map<String, Map<String, String>> tables(Manifest manifest) throws IOException {
    Map<String, Map<String, String>> tables = new LinkedHashMap<>();
    if (warehouse == null) {
      return tables;
    }
    Warehouse open = Files.isRegularFile(warehouse) ? Warehouse.open(warehouse) : null;
    for (Map.Entry<String, QueryManifest> entry : manifest.queries().entrySet()) {
      QueryManifest query = entry.getValue();
      if (query.output() && isHere(query)) {
        Schema schema =
            open == null ? Schema.of() : open.schema(query.sink().table()).orElse(Schema.of());
        Map<String, String> columns = new LinkedHashMap<>();
        for (Column column : schema.columns()) {
          columns.put(column.name().toLowerCase(Locale.ROOT), column.type().sql());
        }
        tables.put(entry.getKey(), columns);
      }
    }
    return tables;
  }

  private static boolean isHere(QueryManifest query) {
    return query.sink().type().equals("duckdb") && !query.sink().settings().containsKey("path");
  }

  /** What the tables hold, by the windows in them. */
  public Map<String, TimeRange> history(Manifest manifest) throws IOException {
    Map<String, TimeRange> history = new TreeMap<>();
    if (warehouse == null || !Files.isRegularFile(warehouse)) {
      return history;
    }
    Warehouse open = Warehouse.open(warehouse);
    for (Map.Entry<String, QueryManifest> entry : manifest.queries().entrySet()) {
      QueryManifest query = entry.getValue();
      if (query.output() && query.windowed() && isHere(query)) {
        String table = query.sink().table();
        Schema schema = open.schema(table).orElse(Schema.of());
        int start = schema.indexOf("window_start");
        int end = schema.indexOf("window_end");
        if (start >= 0 && end >= 0) {
          List<Tuple> first =
              open.rows(table, List.of(new RowOrder("window_start", false, false)), 1);
          List<Tuple> last = open.rows(table, List.of(new RowOrder("window_end", true, false)), 1);
          if (!first.isEmpty()
              && first.get(0).get(start) instanceof Long from
              && last.get(0).get(end) instanceof Long to) {
            history.put(entry.getKey(), new TimeRange(instant(from), instant(to)));
          }
        }
      }
    }
    return history;
  }

  private static String instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }
}
