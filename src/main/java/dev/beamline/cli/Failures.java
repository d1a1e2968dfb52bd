package dev.beamline.cli;

import dev.beamline.deploy.DeployException;
import dev.beamline.deploy.manifest.ManifestFile.InvalidManifestException;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.io.ServiceException;
import dev.beamline.pipeline.run.ClusterException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** What happens when a command fails. */
final class Failures implements IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    command.getOut().flush();
    if (e instanceof InvalidProjectException invalid) {
      Path folder =
          command.getCommand() instanceof BaseCommand base ? base.projectDir() : Path.of("");
      new ProblemPrinter(folder).print(invalid.diagnostics(), err);
      return ExitCode.USER;
    }
    if (e instanceof UserException mistake) {
      err.println("beamline: " + mistake.getMessage());
      return ExitCode.USER;
    }
    if (e instanceof InvalidManifestException broken) {
      err.println("beamline: " + broken.getMessage());
      return ExitCode.USER;
    }
    if (e instanceof DeployException failed) {
      err.println("beamline: " + failed.getMessage());
      return failed.isForUser() ? ExitCode.USER : ExitCode.FAULT;
    }
    if (e instanceof ClusterException failed) {
      err.println("beamline: " + failed.getMessage());
      return failed.isForUser() ? ExitCode.USER : ExitCode.FAULT;
    }
    if (e instanceof ServiceException failed) {
      err.println("beamline: " + failed.getMessage());
      return ExitCode.FAULT;
    }
    if (e instanceof EvaluationException failed) {
      err.println(
          "beamline: "
              + (failed.place() == null ? "" : failed.place() + ": ")
              + failed.getMessage());
      return ExitCode.USER;
    }
    err.println("beamline: this is a fault of Beamline or of a service it uses:");
    e.printStackTrace(err);
    return ExitCode.FAULT;
  }
}
