package dev.beamline.cli;

import dev.beamline.diagnostic.NearestName;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line, and what may have been meant. */
final class UsageErrors implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      explain(unmatched.getUnmatched().get(0), command, err);
    } else {
      err.println("beamline: " + e.getMessage());
    }
    err.println("See '" + name + " --help'.");
    return ExitCode.USAGE;
  }

  private static void explain(String argument, CommandLine command, PrintWriter err) {
    String name = command.getCommandSpec().qualifiedName();
    if (argument.startsWith("-")) {
      String option =
          argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
      err.println("beamline: '" + option + "' is not an option of '" + name + "'");
      suggest(option, options(command), err);
    } else if (!command.getSubcommands().isEmpty()) {
      err.println("beamline: '" + argument + "' is not a command");
      suggest(argument, List.copyOf(command.getSubcommands().keySet()), err);
    } else {
      err.println("beamline: '" + name + "' does not take the argument '" + argument + "'");
    }
  }

  private static List<String> options(CommandLine command) {
    List<String> names = new ArrayList<>();
    for (OptionSpec option : command.getCommandSpec().options()) {
      for (String name : option.names()) {
        if (name.startsWith("--")) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private static void suggest(String name, List<String> known, PrintWriter err) {
    Optional<String> near = NearestName.of(name, known);
    near.ifPresent(meant -> err.println("Did you mean '" + meant + "'?"));
  }
}
