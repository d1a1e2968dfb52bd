package dev.beamline.pipeline.run;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.io.files.VersionFiles;
import dev.beamline.transform.lookup.TableReading;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.jspecify.annotations.Nullable;

/**
 * A slowly changing table of which each row meets the version that was current at its time.
 *
 * @param kept where later processes find the versions; null: the run ends, and none comes later
 */
record VersionedSource(SourceProvider table, @Nullable VersionFiles kept)
    implements SourceProvider {

  /** Has a run begin without the versions that earlier ones have seen. */
  void forget() throws IOException {
    if (kept != null) {
      kept.clear();
    }
  }

  @Override
  public String name() {
    return table.name();
  }

  @Override
  public boolean bounded() {
    return table.bounded();
  }

  @Override
  public boolean ends() {
    return table.ends();
  }

  @Override
  public void check(Problems problems) {
    table.check(problems);
  }

  @Override
  public @Nullable TableReading reading() {
    TableReading reading = table.reading();
    return reading == null ? null : new ByEventTime(reading, kept);
  }

  @Override
  public PCollectionTuple read(PBegin begin, ScanRequest request) {
    return table.read(begin, request);
  }

  private record ByEventTime(TableReading reading, @Nullable VersionFiles versions)
      implements TableReading {

    @Override
    public Duration refresh() {
      return reading.refresh();
    }

    @Override
    public boolean byEventTime() {
      return true;
    }

    @Override
    public List<Tuple> read(Schema columns) throws IOException {
      return reading.read(columns);
    }
  }
}
