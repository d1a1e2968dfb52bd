package dev.beamline.pipeline.run;

import dev.beamline.transform.shard.ScratchFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A job's settings as a configuration of Flink's own, for what Beam has no options for. */
final class FlinkConf {

  private static final String FILE = "flink-conf.yaml";

  private FlinkConf() {}

  /** The settings by Flink's names. */
  static Map<String, String> of(FlinkSettings settings) {
    Map<String, String> conf = new TreeMap<>();
    String backend = settings.stateBackend();
    if (backend != null) {
      // Beam's own option asks for a path as well, and calls the heap a file system.
      conf.put("state.backend.type", backend.equals("filesystem") ? "hashmap" : backend);
    }
    String folder = settings.stateFolder();
    if (folder != null) {
      conf.put("state.checkpoints.dir", StateFolder.uri(folder));
    }
    return conf;
  }

  /** A folder of them, which is gone when this process ends. */
  static Path folder(FlinkSettings settings) throws IOException {
    Path folder = Files.createTempDirectory(ScratchFolder.get(), "flink");
    Path file = folder.resolve(FILE);
    folder.toFile().deleteOnExit();
    file.toFile().deleteOnExit();
    Files.writeString(
        file,
        of(settings).entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue() + "\n")
            .collect(Collectors.joining()));
    return folder;
  }
}
