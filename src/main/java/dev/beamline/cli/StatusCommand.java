package dev.beamline.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.beamline.deploy.DeployException;
import dev.beamline.deploy.dataflow.DataflowStatus;
import dev.beamline.deploy.flink.FlinkStatus;
import dev.beamline.deploy.flink.FlinkTarget;
import dev.beamline.deploy.local.LocalState;
import dev.beamline.deploy.status.LocalStatus;
import dev.beamline.deploy.status.PipelineStatus;
import dev.beamline.deploy.status.PipelineStatus.Freshness;
import dev.beamline.deploy.status.PipelineStatus.QueryStatus;
import dev.beamline.deploy.status.ServiceStatus;
import dev.beamline.diagnostic.Problems;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells what runs. */
@Command(
    name = "status",
    header = "Tells what runs, since when, how far it is, and whether it is as fresh as promised.",
    description = {
      "By query: rows in and out, late and refused ones, the newest window, its age, and what the"
          + " contract (freshness in pipelines.yaml) says of it.%n",
      "Exit code: 0 all is well (a warning is), 1 a pipeline does not run that should, has failed, or a"
          + " query is older than its error_after, 2 wrong usage, 3 a fault."
    },
    footer = {
      "  beamline status",
      "  beamline status live --target prod --output json",
      "  beamline status --fail-on warn    # exit code 1 for warnings, too"
    })
final class StatusCommand extends BaseCommand {

  private enum Output {
    TEXT,
    JSON
  }

  static final class OutputConverter extends NameConverter<Output> {
    OutputConverter() {
      super(Output.class);
    }
  }

  private enum Level {
    WARN,
    ERROR
  }

  static final class LevelConverter extends NameConverter<Level> {
    LevelConverter() {
      super(Level.class);
    }
  }

  @Mixin private PipelineNames pipelines = new PipelineNames();

  @Option(
      names = {"--output", "--format"},
      paramLabel = "FORMAT",
      description = "One of: text, json. Default: ${DEFAULT-VALUE}.",
      converter = OutputConverter.class,
      defaultValue = "text")
  private Output output = Output.TEXT;

  @Option(
      names = "--fail-on",
      paramLabel = "LEVEL",
      description =
          "From which level on the exit code is 1: warn or error. Default: ${DEFAULT-VALUE}.",
      converter = LevelConverter.class,
      defaultValue = "error")
  private Level failOn = Level.ERROR;

  @Option(
      names = "--as-of",
      paramLabel = "TIME",
      description = "Judge freshness as of this time. Default: now.")
  private @Nullable String asOf;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Instant now =
        asOf == null
            ? Instant.now()
            : Instants.parse(asOf)
                .orElseThrow(
                    () -> usage("--as-of \"" + asOf + "\" is not a time; " + Instants.ALLOWED));
    Problems problems = new Problems();
    Project project = ProjectLoader.read(projectDir(), problems);
    problems.throwIfErrors();
    Target target = project.target(targetName());
    List<PipelineStatus> all = new ArrayList<>();
    for (PipelineDefinition pipeline :
        DeployTargets.pipelines(project, target, pipelines.given())) {
      all.add(status(project, target, pipeline, now));
    }
    if (output == Output.JSON) {
      out().println(json(project, target, all));
    } else {
      all.forEach(this::print);
    }
    Freshness limit = failOn == Level.WARN ? Freshness.WARN : Freshness.ERROR;
    boolean well = all.stream().allMatch(p -> p.healthy() && p.freshness().compareTo(limit) < 0);
    return well ? ExitCode.OK : ExitCode.USER;
  }

  private static PipelineStatus status(
      Project project, Target target, PipelineDefinition pipeline, Instant now)
      throws IOException, InterruptedException {
    Target.Flink cluster = FlinkTarget.of(target);
    if (cluster != null) {
      FlinkStatus status = new FlinkStatus(project, cluster);
      return ServiceStatus.of(
          project, pipeline, status.job(pipeline.name()), status.deployed(pipeline.name()), now);
    }
    LocalState local = LocalState.of(project, target);
    if (local != null) {
      return LocalStatus.of(project, pipeline, local, now);
    }
    if (target instanceof Target.Dataflow dataflow) {
      try {
        DataflowStatus status = new DataflowStatus(project, dataflow);
        return ServiceStatus.of(
            project, pipeline, status.job(pipeline.name()), status.deployed(pipeline.name()), now);
      } catch (IOException e) {
        throw DeployException.failed(
            "Dataflow does not tell what runs on target " + target.name() + ": " + e.getMessage(),
            e);
      }
    }
    throw new IllegalStateException("a target of " + target.runner());
  }

  private void print(PipelineStatus status) {
    out()
        .println(
            Styles.bold("pipeline " + status.pipeline())
                + " ("
                + status.mode()
                + "): "
                + status.state()
                + (status.job() == null ? "" : ", " + status.job())
                + (status.since() == null ? "" : ", since " + seconds(status.since())));
    if (status.deployed() != null) {
      out()
          .println(
              "last deployed "
                  + seconds(status.deployed())
                  + (status.manifest() == null ? "" : ", manifest " + status.manifest()));
    }
    List<String[]> lines = new ArrayList<>();
    lines.add(new String[] {"query", "in", "out", "late", "refused", "newest", "lag", "freshness"});
    for (QueryStatus query : status.queries()) {
      PipelineStatus.Counts counts = query.counts();
      lines.add(
          new String[] {
            query.query(),
            counts == null ? "-" : number(counts.in()),
            counts == null ? "-" : number(counts.out()),
            counts == null ? "-" : number(counts.late()),
            counts == null ? "-" : number(counts.refused()),
            query.newest() == null ? "-" : seconds(query.newest()),
            query.lag() == null ? "-" : age(query.lag()),
            query.freshness() == Freshness.UNKNOWN
                ? "-"
                : query.freshness().name().toLowerCase(Locale.ROOT)
          });
    }
    Columns.print(lines, out());
    out().println();
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String age(long seconds) {
    Duration age = Duration.ofSeconds(seconds);
    if (age.toDays() > 0) {
      return age.toDays() + "d " + age.toHoursPart() + "h";
    }
    if (age.toHours() > 0) {
      return age.toHours() + "h " + age.toMinutesPart() + "m";
    }
    return age.toMinutes() > 0 ? age.toMinutes() + "m " + age.toSecondsPart() + "s" : seconds + "s";
  }

  private static String json(Project project, Target target, List<PipelineStatus> all) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("project", project.name());
    root.put("target", target.name());
    ArrayNode pipelines = root.putArray("pipelines");
    for (PipelineStatus status : all) {
      ObjectNode node = pipelines.addObject();
      node.put("pipeline", status.pipeline());
      node.put("mode", status.mode());
      node.put("state", status.state());
      node.put("healthy", status.healthy());
      node.put("job", status.job());
      node.put("since", string(status.since()));
      node.put("last_deploy", string(status.deployed()));
      node.put("manifest", status.manifest());
      node.put("freshness", status.freshness().name().toLowerCase(Locale.ROOT));
      ArrayNode queries = node.putArray("queries");
      for (QueryStatus query : status.queries()) {
        ObjectNode line = queries.addObject();
        line.put("query", query.query());
        PipelineStatus.Counts counts = query.counts();
        line.put("in", counts == null ? null : counts.in());
        line.put("out", counts == null ? null : counts.out());
        line.put("late", counts == null ? null : counts.late());
        line.put("refused", counts == null ? null : counts.refused());
        line.put("newest", string(query.newest()));
        line.put("lag_seconds", query.lag());
        line.put("freshness", query.freshness().name().toLowerCase(Locale.ROOT));
      }
    }
    return root.toPrettyString();
  }

  private static @Nullable String string(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
