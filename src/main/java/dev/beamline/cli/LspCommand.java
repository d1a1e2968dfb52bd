package dev.beamline.cli;

import dev.beamline.report.lsp.BeamlineLanguageServer;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves an editor. */
@Command(
    name = "lsp",
    header = "Serves an editor: a language server for queries and pipelines.yaml.",
    description = {
      "Speaks the Language Server Protocol on standard input and output: the mistakes that validate"
          + " finds while you write, completion, types, definitions, and renaming of queries.%n",
      "editors/vscode has an extension for VS Code; other editors start this command."
    },
    footer = {"  beamline lsp", "  beamline lsp -C shop"})
final class LspCommand extends BaseCommand {

  @Option(
      names = "--stdio",
      description = "Some editors add it; it is how the server always works.")
  @SuppressWarnings("UnusedVariable") // Taken and without effect.
  private boolean stdio;

  @Override
  public Integer call() throws IOException, InterruptedException {
    // The protocol has standard output for itself.
    System.setOut(System.err);
    return BeamlineLanguageServer.serve(
        projectDir(), System.in, new FileOutputStream(FileDescriptor.out));
  }
}
