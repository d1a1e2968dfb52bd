package dev.beamline.transform.lookup;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

  /** A version that takes a while to be kept counts from then: no row of before has met another. */
  private static final long KEEP_MILLIS = 200;

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

  /**
   * Reads the table now. A version is kept for later processes before any row meets it, and counts
   * from then on.
   */
  void read() {
    try {
      load();
      add(reading.read(columns));
    } catch (IOException | RuntimeException e) {
      // A client may fail with exceptions of its own kind: none may end the reading for good.
      synchronized (this) {
        if (versions.isEmpty()) {
          throw new IllegalStateException("a table to join with cannot be read", e);
        }
      }
      LOG.warn("A table cannot be read again, the rows of before stay: {}", e.toString());
    }
  }

  /** What earlier processes have seen, and others see. */
  private void load() throws IOException {
    VersionStore store = reading.versions();
    if (store != null) {
      Set<Long> known;
      synchronized (this) {
        known = Set.copyOf(versions.keySet());
      }
      Map<Long, List<Tuple>> others = store.load(columns, known);
      synchronized (this) {
        versions.putAll(others);
      }
    }
  }

  private void add(List<Tuple> rows) throws IOException {
    synchronized (this) {
      Map.Entry<Long, List<Tuple>> newest = versions.lastEntry();
      if (newest != null && sameRows(newest.getValue(), rows)) {
        return;
      }
    }
    VersionStore store = reading.versions();
    long from = clockMillis.getAsLong();
    if (store != null) {
      from += KEEP_MILLIS;
      store.keep(columns, from, rows);
    }
    List<Long> old = new ArrayList<>();
    synchronized (this) {
      versions.put(from, rows);
      while (versions.size() > MOST) {
        old.add(versions.pollFirstEntry().getKey());
      }
    }
    if (store != null) {
      for (long time : old) {
        store.drop(columns, time);
      }
    }
  }

  /** Tables have no order: what is read again may come in another one. */
  private static boolean sameRows(List<Tuple> a, List<Tuple> b) {
    if (a.size() != b.size()) {
      return false;
    }
    return a.equals(b) || counted(a).equals(counted(b));
  }

  private static Map<Tuple, Integer> counted(List<Tuple> rows) {
    Map<Tuple, Integer> counts = new HashMap<>();
    rows.forEach(row -> counts.merge(row, 1, Integer::sum));
    return counts;
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
