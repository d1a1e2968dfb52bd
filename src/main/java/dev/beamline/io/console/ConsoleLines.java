package dev.beamline.io.console;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Where lines for the terminal go in this process. The command line says so; on a worker that
 * nobody looks at they go to the log.
 */
public final class ConsoleLines {

  private static final System.Logger LOG = System.getLogger(ConsoleLines.class.getName());

  private static final AtomicReference<Consumer<String>> OUT =
      new AtomicReference<>(line -> LOG.log(System.Logger.Level.INFO, line));

  private ConsoleLines() {}

  /** Takes lines, from any thread, one call after the other. */
  public static void setOutput(Consumer<String> out) {
    OUT.set(out);
  }

  static void print(String line) {
    Consumer<String> out = Objects.requireNonNull(OUT.get());
    synchronized (ConsoleLines.class) {
      out.accept(line);
    }
  }
}
