package dev.beamline.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Tells how far a run is: one line that changes on a terminal, a plain line every ten seconds
 * elsewhere.
 */
final class Progress implements AutoCloseable {

  private static final long PLAIN_EVERY_NANOS = 10_000_000_000L;

  private final PrintWriter out;
  private final boolean terminal;
  private final OptionalLong expected;
  private final long began = System.nanoTime();
  private long lastLine = began;
  private boolean shown;
  private double firstSeconds = -1;
  private long firstRead;

  /** Begins where nobody knows how much there is to read. */
  Progress(PrintWriter out, boolean terminal) {
    this(out, terminal, OptionalLong.empty());
  }

  /**
   * Begins.
   *
   * @param expected how many records there are to read, about; empty: nobody knows
   */
  Progress(PrintWriter out, boolean terminal, OptionalLong expected) {
    this.out = out;
    this.terminal = terminal;
    this.expected = expected;
  }

  /**
   * Shows the state.
   *
   * @param read records read so far
   */
  synchronized void show(long read) {
    long now = System.nanoTime();
    double seconds = (now - began) / 1e9;
    String text = text(read, seconds);
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

  /**
   * Such as {@code 1,200 events read (34 %), 400 a second, 3 s, 6 s left}. The rate is that since
   * the first ones came: until then a run starts, which says nothing of the rest.
   */
  String text(long read, double seconds) {
    if (read > 0 && firstSeconds < 0) {
      firstSeconds = seconds;
      firstRead = read;
    }
    double reading = firstSeconds < 0 ? 0 : seconds - firstSeconds;
    boolean steady = reading >= 1 && read > firstRead;
    double rate = steady ? (read - firstRead) / reading : read / Math.max(seconds, 0.001);
    String share = "";
    String left = "";
    if (expected.isPresent() && read > 0 && read < expected.getAsLong()) {
      share = String.format(Locale.ROOT, " (%.0f %%)", 100.0 * read / expected.getAsLong());
      if (steady) {
        left =
            String.format(Locale.ROOT, ", %s left", length((expected.getAsLong() - read) / rate));
      }
    }
    return String.format(
        Locale.ROOT,
        "%,d events read%s, %,.0f a second, %s%s",
        read,
        share,
        rate,
        length(seconds),
        left);
  }

  private static String length(double seconds) {
    long whole = Math.round(seconds);
    return whole < 120 ? whole + " s" : whole < 7200 ? whole / 60 + " min" : whole / 3600 + " h";
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
