package dev.beamline.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command run inside the test's process. */
record CommandRun(int code, String out, String err) {

  static CommandRun of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(args, new PrintWriter(out), new PrintWriter(err));
    return new CommandRun(code, text(out), text(err));
  }

  /** A command on a project. */
  static CommandRun in(Path project, String command, String... arguments) {
    List<String> all = new ArrayList<>();
    all.add(command);
    all.addAll(List.of(arguments));
    all.addAll(List.of("-C", project.toString()));
    return of(all.toArray(String[]::new));
  }

  private static String text(StringWriter writer) {
    return writer.toString().replace(System.lineSeparator(), "\n");
  }
}
