package dev.beamline.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Prints what a shell needs to complete commands and options. */
@Command(
    name = "generate-completion",
    header = "Prints a script that lets bash or zsh complete commands and options.",
    footer = {
      "  source <(beamline generate-completion)",
      "  beamline generate-completion > ~/.local/share/bash-completion/completions/beamline"
    })
final class CompletionCommand extends BaseCommand {

  @Override
  public Integer call() {
    out().print(AutoComplete.bash("beamline", spec().root().commandLine()));
    out().print('\n');
    return ExitCode.OK;
  }
}
