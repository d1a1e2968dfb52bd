package dev.beamline.deploy.dataflow;

import com.google.common.hash.Hashing;
import dev.beamline.pipeline.run.RunSettings;
import dev.beamline.project.Project;
import dev.beamline.project.Source;
import dev.beamline.project.SourceSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;

/**
 * Puts sources that are files of this machine where workers can read them. The name is of the
 * content, so that the same files are put there once; files that change reach the job with the next
 * deployment.
 */
final class StagedInputs {

  private final CloudObjects objects;
  private final String folder;
  private final Consumer<String> progress;

  StagedInputs(CloudObjects objects, String folder, Consumer<String> progress) {
    this.objects = objects;
    this.folder = folder;
    this.progress = progress;
  }

  /** The settings, with the staged files as inputs. */
  RunSettings of(RunSettings settings) throws IOException {
    Map<String, String> inputs = new LinkedHashMap<>(settings.inputs());
    for (Source source : settings.project().sources().values()) {
      if (source.system() instanceof SourceSystem.Files files
          && !Project.isRemote(files.path().value())
          && !inputs.containsKey(source.name())) {
        String path = settings.project().resolve(files.path().value()).toString();
        List<Path> found = match(files.path().value().endsWith("/") ? path + "/*" : path);
        if (!found.isEmpty()) {
          inputs.put(source.name(), stage(source.name(), found));
        }
      }
    }
    return new RunSettings(
        settings.project(),
        settings.target(),
        settings.pipeline(),
        settings.mode(),
        settings.plans(),
        settings.queries(),
        inputs,
        settings.speed(),
        settings.samples(),
        settings.fresh(),
        settings.range());
  }

  private static List<Path> match(String pattern) throws IOException {
    List<Path> files = new ArrayList<>();
    for (MatchResult.Metadata found :
        FileSystems.match(pattern, EmptyMatchTreatment.ALLOW).metadata()) {
      files.add(Path.of(found.resourceId().toString()));
    }
    files.sort(null);
    return files;
  }

  private String stage(String source, List<Path> files) throws IOException {
    StringBuilder contents = new StringBuilder();
    Map<Path, byte[]> bytes = new LinkedHashMap<>();
    for (Path file : files) {
      byte[] content = Files.readAllBytes(file);
      bytes.put(file, content);
      contents.append(file.getFileName()).append(Hashing.sha256().hashBytes(content));
    }
    String hash = Hashing.sha256().hashUnencodedChars(contents).toString().substring(0, 16);
    String to = folder + "files/" + source + "-" + hash + "/";
    List<String> there = objects.list(to);
    for (Map.Entry<Path, byte[]> file : bytes.entrySet()) {
      String object = to + file.getKey().getFileName();
      if (!there.contains(object)) {
        progress.accept("staging " + file.getKey().getFileName() + " of source " + source);
        objects.write(object, file.getValue());
      }
    }
    return files.size() == 1 ? to + files.get(0).getFileName() : to + "*";
  }
}
