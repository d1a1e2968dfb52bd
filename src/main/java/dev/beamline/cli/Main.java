package dev.beamline.cli;

import dev.beamline.pipeline.run.LocalOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/** Where the process begins. */
public final class Main {

  private Main() {}

  /** Runs a command and ends the process with its code; see {@link ExitCode}. */
  public static void main(String[] args) {
    System.setProperty(LocalOptions.ONE_COMMAND, "true");
    QuietLogging.install(List.of(args).contains("--verbose"));
    PrintWriter out = utf8(FileDescriptor.out);
    PrintWriter err = utf8(FileDescriptor.err);
    int code = run(args, out, err);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /** Runs a command without ending the process. */
  public static int run(String[] args, PrintWriter out, PrintWriter err) {
    CommandLine line = BeamlineCommand.commandLine();
    line.setOut(new PrintWriter(new HidingWriter(out)));
    line.setErr(new PrintWriter(new HidingWriter(err)));
    int code = line.execute(args);
    line.getOut().flush();
    line.getErr().flush();
    out.flush();
    err.flush();
    return code;
  }

  /** Whatever the locale says: files, JSON and terminals are UTF-8. */
  private static PrintWriter utf8(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8));
  }
}
