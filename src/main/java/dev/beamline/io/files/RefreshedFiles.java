package dev.beamline.io.files;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.transform.lookup.TableReading;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that are a slowly changing table: workers that look rows up in them read them again.
 *
 * @param refresh how old what was read may become
 */
public record RefreshedFiles(FilesSource source, Duration refresh) implements SourceProvider {

  private static final Logger LOG = LoggerFactory.getLogger(RefreshedFiles.class);

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public boolean bounded() {
    return true;
  }

  @Override
  public void check(Problems problems) {
    FilesRead.check(source, problems);
  }

  @Override
  public PCollectionTuple read(PBegin begin, ScanRequest request) {
    return new FilesRead(source).read(begin, request);
  }

  @Override
  public TableReading reading() {
    return new Reading(source, refresh);
  }

  private record Reading(FilesSource source, Duration refresh) implements TableReading {
    @Override
    public List<Tuple> read(Schema columns) throws IOException {
      AtomicLong refused = new AtomicLong();
      List<Tuple> rows = FileRows.all(source, columns, error -> refused.incrementAndGet());
      if (refused.get() > 0) {
        LOG.warn("{} records of {} cannot be used and are left out", refused, source.name());
      }
      return rows;
    }
  }
}
