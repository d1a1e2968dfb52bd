package dev.beamline.cli;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Tells how far a run is: one line that changes on a terminal, a plain line every ten seconds
 * elsewhere.
 */
final class Progress implements AutoCloseable {

  private static final long PLAIN_EVERY_NANOS = 10_000_000_000L;

  private final PrintWriter out;
  private final boolean terminal;
  private final long began = System.nanoTime();
  private long lastLine = began;
  private boolean shown;

  Progress(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /**
   * Shows the state.
   *
   * @param read records read so far
   */
  synchronized void show(long read) {
    long now = System.nanoTime();
    double seconds = (now - began) / 1e9;
    String text =
        String.format(
            Locale.ROOT, "%,d events read, %,.0f a second, %.0f s", read, read / seconds, seconds);
    if (terminal) {
      out.print("\r\u001b[K" + text);
      out.flush();
      shown = true;
    } else if (now - lastLine >= PLAIN_EVERY_NANOS) {
      lastLine = now;
      out.println(text);
      out.flush();
    }
  }

  /** Prints a line of results where the state was shown. */
  synchronized void above(PrintWriter results, String line) {
    close();
    results.println(line);
    results.flush();
  }

  @Override
  public synchronized void close() {
    if (shown) {
      out.print("\r\u001b[K");
      out.flush();
      shown = false;
    }
  }
}
