package dev.beamline.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What all commands have. {@link #call} gives the exit code. */
abstract class BaseCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @ParentCommand private @Nullable BeamlineCommand beamline;

  /** For results. */
  final PrintWriter out() {
    return spec().commandLine().getOut();
  }

  /** For messages. */
  final PrintWriter err() {
    return spec().commandLine().getErr();
  }

  /** As given, or the current directory. */
  final Path projectDir() {
    return Objects.requireNonNull(beamline).projectDir().toAbsolutePath().normalize();
  }

  /** As given; null: the default. */
  final @Nullable String targetName() {
    return Objects.requireNonNull(beamline).target();
  }

  final boolean verbose() {
    return Objects.requireNonNull(beamline).verbose();
  }

  /** A wrong command line, which ends with {@link ExitCode#USAGE}. */
  final ParameterException usage(String message) {
    return new ParameterException(spec().commandLine(), message);
  }

  final CommandSpec spec() {
    return Objects.requireNonNull(spec);
  }
}
