package dev.beamline.transform.lookup;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of a table, each from when it was first seen until the next one was. The table is
 * read at its pace whether or not rows come, so that a change is seen when it is made. What was
 * before the first reading is taken to be as that.
 */
final class TableVersions implements AutoCloseable {

  /** How many versions a row may be behind; older rows meet the oldest that is kept. */
  static final int MOST = 100;

  private static final Logger LOG = LoggerFactory.getLogger(TableVersions.class);

  private final TableReading reading;
  private final Schema columns;
  private final LongSupplier clockMillis;
  private final TreeMap<Long, List<Tuple>> versions = new TreeMap<>();
  private @Nullable ScheduledExecutorService again;

  /**
   * Nothing is read yet.
   *
   * @param clockMillis milliseconds since 1970
   */
  TableVersions(TableReading reading, Schema columns, LongSupplier clockMillis) {
    this.reading = reading;
    this.columns = columns;
    this.clockMillis = clockMillis;
  }

  /** Reads the table, and from now on again and again. */
  void start() {
    read();
    long pause = Math.max(1, reading.refresh().toMillis());
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "table-versions");
              thread.setDaemon(true);
              return thread;
            });
    // What fails is told by the reading itself.
    var unused = timer.scheduleWithFixedDelay(this::read, pause, pause, TimeUnit.MILLISECONDS);
    again = timer;
  }

  /** Reads the table now. */
  void read() {
    long now = clockMillis.getAsLong();
    List<Tuple> rows;
    try {
      rows = reading.read(columns);
    } catch (IOException | UncheckedIOException e) {
      synchronized (this) {
        if (versions.isEmpty()) {
          throw new IllegalStateException("a table to join with cannot be read", e);
        }
      }
      LOG.warn("A table cannot be read again, the rows of before stay: {}", e.getMessage());
      return;
    }
    synchronized (this) {
      Map.Entry<Long, List<Tuple>> newest = versions.lastEntry();
      if (newest == null || !newest.getValue().equals(rows)) {
        versions.put(now, rows);
      }
      if (versions.size() > MOST) {
        versions.pollFirstEntry();
      }
    }
  }

  /** The version of a time: the same list as long as it is the same version. */
  synchronized List<Tuple> at(long millis) {
    Map.Entry<Long, List<Tuple>> current = versions.floorEntry(millis);
    return Objects.requireNonNull(current == null ? versions.firstEntry() : current).getValue();
  }

  @Override
  public void close() {
    ScheduledExecutorService timer = again;
    if (timer != null) {
      timer.shutdownNow();
    }
  }
}
