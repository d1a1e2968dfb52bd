package dev.beamline.cli;

import dev.beamline.deploy.monitoring.MonitoringFiles;
import dev.beamline.diagnostic.Problems;
import dev.beamline.project.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes what Cloud Monitoring should watch. */
@Command(
    name = "monitoring",
    header = "Writes a dashboard and alert policies of Cloud Monitoring for the project.",
    description =
        "By query: rows in, out, late and refused, and lag; an alert for each freshness contract and for"
            + " each pipeline that fails.",
    footer = {
      "  beamline monitoring --to monitoring",
      "  gcloud monitoring dashboards create --config-from-file=monitoring/dashboard.json",
      "  gcloud alpha monitoring policies create --policy-from-file=monitoring/alert-live-failed.json"
    })
final class MonitoringCommand extends BaseCommand {

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "The folder to write to. Default: ${DEFAULT-VALUE}.",
      defaultValue = "monitoring")
  private Path folder = Path.of("monitoring");

  @Override
  public Integer call() throws IOException {
    Problems problems = new Problems();
    Project project = ProjectLoader.read(projectDir(), problems);
    problems.throwIfErrors();
    Map<String, String> files = MonitoringFiles.of(project);
    Files.createDirectories(folder);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
      out().println(folder.resolve(file.getKey()));
    }
    return ExitCode.OK;
  }
}
