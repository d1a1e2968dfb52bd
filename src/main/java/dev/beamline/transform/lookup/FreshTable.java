package dev.beamline.transform.lookup;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.local.LocalExecutor;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table that a worker makes anew when what it has is too old: it reads the sources again and
 * computes in memory what the query makes of them before rows are looked up. A source that cannot
 * be read stays as it was, and is tried again.
 *
 * @param readings of all sources in the plan, by name
 * @param plan of the table's rows
 */
public record FreshTable(Map<String, TableReading> readings, Plan plan) implements Serializable {

  private static final Logger LOG = LoggerFactory.getLogger(FreshTable.class);

  public FreshTable {
    readings = Map.copyOf(readings);
    if (readings.isEmpty()) {
      throw new IllegalArgumentException("nothing is read");
    }
  }

  /** The rows at hand, for one thread. */
  Rows open(LongSupplier nanos) {
    return new Rows(nanos);
  }

  /** What the table is of: a list of each scan, the same one as long as nothing has changed. */
  private record Made(List<List<Tuple>> of, List<Tuple> rows) {

    boolean isOf(List<List<Tuple>> now) {
      for (int i = 0; i < of.size(); i++) {
        if (!isSame(of.get(i), now.get(i))) {
          return false;
        }
      }
      return true;
    }

    @SuppressWarnings("ReferenceEquality") // To compare all rows would take longer than to compute.
    private static boolean isSame(List<Tuple> known, List<Tuple> now) {
      return known == now;
    }
  }

  /** What was read last, or version for version. */
  final class Rows implements AutoCloseable {
    private final Map<Plan.Scan, Input> inputs = new LinkedHashMap<>();
    private final List<Made> made = new ArrayList<>();

    private Rows(LongSupplier nanos) {
      Plans.forEach(
          plan,
          node -> {
            if (node instanceof Plan.Scan scan) {
              TableReading reading = Objects.requireNonNull(readings.get(scan.source()));
              inputs.put(
                  scan,
                  reading.byEventTime()
                      ? new Versions(reading, scan)
                      : new Newest(reading, scan, nanos));
            }
          });
    }

    /** The rows that a row of that event time meets: the same list as long as they are the same. */
    List<Tuple> at(long millis) {
      Map<Plan.Scan, List<Tuple>> now = new LinkedHashMap<>();
      inputs.forEach((scan, input) -> now.put(scan, input.at(millis)));
      List<List<Tuple>> of = List.copyOf(now.values());
      for (Made known : made) {
        if (known.isOf(of)) {
          return known.rows();
        }
      }
      List<Tuple> rows =
          new LocalExecutor(
                  scan -> Objects.requireNonNull(now.get(scan)),
                  (row, error) -> LOG.warn("A row of a table is left out: {}", error.getMessage()))
              .run(plan);
      boolean versions = inputs.values().stream().anyMatch(Versions.class::isInstance);
      if (!versions || made.size() > TableVersions.MOST) {
        made.clear();
      }
      made.add(new Made(of, rows));
      return rows;
    }

    /** The rows as they are now, for tables of which the newest version counts. */
    List<Tuple> newest() {
      return at(Long.MAX_VALUE);
    }

    @Override
    public void close() {
      inputs.values().forEach(Input::close);
    }
  }

  /** The rows of a scan. */
  private interface Input {
    List<Tuple> at(long millis);

    void close();
  }

  /** As they were read last. */
  private static final class Newest implements Input {
    private final TableReading reading;
    private final Plan.Scan scan;
    private final LongSupplier nanos;
    private @Nullable List<Tuple> rows;
    private long readAt;

    Newest(TableReading reading, Plan.Scan scan, LongSupplier nanos) {
      this.reading = reading;
      this.scan = scan;
      this.nanos = nanos;
    }

    @Override
    public List<Tuple> at(long millis) {
      long now = nanos.getAsLong();
      List<Tuple> known = rows;
      if (known != null && now - readAt < reading.refresh().toNanos()) {
        return known;
      }
      List<Tuple> read;
      try {
        read = reading.read(scan.schema());
      } catch (IOException | RuntimeException e) {
        // A client may fail with exceptions of its own kind: none may end the reading for good.
        if (known == null) {
          throw new IllegalStateException("a table to join with cannot be read", e);
        }
        LOG.warn("A table cannot be read again, the rows of before stay: {}", e.toString());
        read = known;
      }
      rows = read;
      readAt = now;
      return read;
    }

    @Override
    public void close() {
      rows = null;
    }
  }

  /** Version for version. */
  private static final class Versions implements Input {
    private final TableReading reading;
    private final Plan.Scan scan;
    private @Nullable TableVersions versions;

    Versions(TableReading reading, Plan.Scan scan) {
      this.reading = reading;
      this.scan = scan;
    }

    @Override
    public List<Tuple> at(long millis) {
      TableVersions known = versions;
      if (known == null) {
        VersionStore store = reading.versions();
        if (store == null) {
          known = new TableVersions(reading, scan.schema(), System::currentTimeMillis);
          known.start();
        } else {
          known = SharedVersions.open(reading, store, scan.schema());
        }
        versions = known;
      }
      return known.at(millis);
    }

    @Override
    public void close() {
      TableVersions known = versions;
      versions = null;
      if (known != null) {
        VersionStore store = reading.versions();
        if (store == null) {
          known.close();
        } else {
          SharedVersions.release(store, scan.schema());
        }
      }
    }
  }
}
