package dev.beamline.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command that has all others. */
@Command(
    name = "beamline",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    usageHelpAutoWidth = true,
    synopsisSubcommandLabel = "COMMAND",
    synopsisHeading = "%nUsage: ",
    header =
        "SQL metrics over event streams: one file a metric, the same rows in batch and in stream.",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  beamline init shop                  # a new project",
      "  beamline validate -C shop           # finds every mistake",
      "  beamline query \"SELECT 1 + 1\"      # asks something",
      "%nbeamline COMMAND --help says more about a command."
    },
    subcommands = {
      InitCommand.class,
      ValidateCommand.class,
      QueryCommand.class,
      SchemaCommand.class,
      CompletionCommand.class,
      GenerateCommand.class,
      RunCommand.class,
      DashboardCommand.class,
      DocsCommand.class,
      TestCommand.class,
      PlanCommand.class,
      DeployCommand.class,
      BackfillCommand.class,
      StatusCommand.class,
      TemplateCommand.class,
      MonitoringCommand.class,
      ExplainCommand.class,
      VerifyCommand.class,
      LspCommand.class,
    })
public final class BeamlineCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-C", "--project-dir"},
      paramLabel = "DIR",
      description = "The project's folder. Default: the current directory.",
      scope = ScopeType.INHERIT)
  private Path projectDir = Path.of("");

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "The target of pipelines.yaml. Default: local.",
      scope = ScopeType.INHERIT)
  private @Nullable String target;

  @Option(
      names = "--verbose",
      description = "Show what libraries log, and stack traces.",
      scope = ScopeType.INHERIT)
  private boolean verbose;

  /** The command line, ready to execute. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new BeamlineCommand());
    line.setParameterExceptionHandler(new UsageErrors());
    line.setExecutionExceptionHandler(new Failures());
    line.setUsageHelpLongOptionsMaxWidth(30);
    // All commands take --help and --version and look alike.
    for (CommandLine command : line.getSubcommands().values()) {
      command.getCommandSpec().mixinStandardHelpOptions(true);
      command.getCommandSpec().versionProvider(new Version());
      command
          .getCommandSpec()
          .usageMessage()
          .synopsisHeading("%nUsage: ")
          .descriptionHeading("%n")
          .parameterListHeading("%nArguments:%n")
          .optionListHeading("%nOptions:%n")
          .footerHeading("%nExamples:%n")
          .autoWidth(true);
    }
    return line;
  }

  Path projectDir() {
    return projectDir;
  }

  @Nullable String target() {
    return target;
  }

  boolean verbose() {
    return verbose;
  }

  @Override
  public void run() {
    CommandSpec own = java.util.Objects.requireNonNull(spec);
    throw new ParameterException(own.commandLine(), "a command is missing");
  }
}
