package dev.beamline.cli;

import dev.beamline.diagnostic.Problems;
import dev.beamline.io.files.FilesSource;
import dev.beamline.pipeline.run.ProjectSources;
import dev.beamline.plan.Plans;
import dev.beamline.project.Format;
import dev.beamline.project.Project;
import dev.beamline.project.Source;
import dev.beamline.sql.CompiledProject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** How many records a run will read, about: by the size of its files and the length of lines. */
final class RunExtent {

  private static final int HEAD = 1 << 16;

  private RunExtent() {}

  /** Empty where a source is no local text file. */
  static OptionalLong of(
      CompiledProject compiled, List<String> queries, Map<String, String> inputs) {
    Set<String> names = new TreeSet<>();
    for (String query : queries) {
      names.addAll(Plans.sources(compiled.plan(query).plan()));
    }
    Project project = compiled.project();
    double records = 0;
    for (String name : names) {
      Source source = project.sources().get(name);
      Optional<FilesSource> files =
          source == null
              ? Optional.empty()
              : ProjectSources.files(project, source, inputs.get(name), true, new Problems());
      for (String path : files.map(FilesSource::patterns).orElse(List.of("*"))) {
        OptionalLong lines = lines(path);
        if (lines.isEmpty()) {
          return OptionalLong.empty();
        }
        records += lines.getAsLong();
      }
    }
    return OptionalLong.of(Math.round(records));
  }

  private static OptionalLong lines(String path) {
    Format format = Format.ofPath(path).orElse(Format.AVRO);
    boolean text =
        (format == Format.JSON || format == Format.CSV)
            && path.matches("[^*?{\\[]*\\.(ndjson|jsonl|json|csv)");
    try {
      if (!text || Project.isRemote(path) || !Files.isRegularFile(Path.of(path))) {
        return OptionalLong.empty();
      }
      try (InputStream in = Files.newInputStream(Path.of(path))) {
        byte[] head = in.readNBytes(HEAD);
        int lines = 0;
        for (byte b : head) {
          lines += b == '\n' ? 1 : 0;
        }
        long size = Files.size(Path.of(path));
        return head.length == 0 || lines == 0
            ? OptionalLong.of(lines)
            : OptionalLong.of(Math.round(size * (lines / (double) head.length)));
      }
    } catch (IOException e) {
      // The run itself will say it.
      return OptionalLong.empty();
    }
  }
}
