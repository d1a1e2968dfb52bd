package dev.beamline.transform.lookup;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.transform.Compilers;
import dev.beamline.transform.stage.RowPipe;
import dev.beamline.transform.stage.RowStep;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table that a worker reads anew when what it has is too old. A table that cannot be read stays
 * as it was, and is tried again.
 *
 * @param columns of the table's own rows
 * @param steps what is done with each before it is looked up
 */
public record FreshTable(TableReading reading, Schema columns, List<RowStep> steps)
    implements Serializable {

  private static final Logger LOG = LoggerFactory.getLogger(FreshTable.class);

  public FreshTable {
    steps = List.copyOf(steps);
  }

  /** The rows at hand, for one thread. */
  Rows open(LongSupplier nanos) {
    return new Rows(nanos);
  }

  /** What was read last, or version for version. */
  final class Rows implements AutoCloseable {
    private final LongSupplier nanos;
    private final RowPipe pipe = new RowPipe(steps, columns, Compilers.expressions());
    private @Nullable List<Tuple> rows;
    private long readAt;
    private @Nullable TableVersions versions;
    private final IdentityHashMap<List<Tuple>, List<Tuple>> ofVersions = new IdentityHashMap<>();

    private Rows(LongSupplier nanos) {
      this.nanos = nanos;
    }

    /** The rows that a row of that event time meets: the same list as long as they are the same. */
    List<Tuple> at(long millis) {
      if (!reading.byEventTime()) {
        return newest();
      }
      TableVersions known = versions;
      if (known == null) {
        known = new TableVersions(reading, columns, System::currentTimeMillis);
        known.start();
        versions = known;
      }
      if (ofVersions.size() > TableVersions.MOST) {
        ofVersions.clear();
      }
      return ofVersions.computeIfAbsent(known.at(millis), this::run);
    }

    @Override
    public void close() {
      TableVersions known = versions;
      if (known != null) {
        known.close();
        versions = null;
      }
    }

    /** The same list as long as it is fresh. */
    List<Tuple> newest() {
      long now = nanos.getAsLong();
      List<Tuple> known = rows;
      if (known != null && now - readAt < reading.refresh().toNanos()) {
        return known;
      }
      List<Tuple> read;
      try {
        read = run(reading.read(columns));
      } catch (IOException | UncheckedIOException e) {
        if (known == null) {
          throw new IllegalStateException("a table to join with cannot be read", e);
        }
        LOG.warn("A table cannot be read again, the rows of before stay: {}", e.getMessage());
        read = known;
      }
      rows = read;
      readAt = now;
      return read;
    }

    private List<Tuple> run(List<Tuple> table) {
      List<Tuple> results = new ArrayList<>();
      for (Tuple row : table) {
        List<Tuple> ofRow = new ArrayList<>(1);
        try {
          pipe.run(row, (result, noted) -> ofRow.add(result));
        } catch (EvaluationException e) {
          LOG.warn("A row of a table is left out: {}", e.getMessage());
          continue;
        }
        results.addAll(ofRow);
      }
      return results;
    }
  }
}
