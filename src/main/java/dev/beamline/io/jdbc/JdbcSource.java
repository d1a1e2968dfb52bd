package dev.beamline.io.jdbc;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.io.record.DecodedRecord;
import dev.beamline.io.record.DecodedRecordCoder;
import dev.beamline.io.record.StageRecordsFn;
import dev.beamline.transform.lookup.TableReading;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a table of PostgreSQL as a whole: the columns that are declared, in one snapshot.
 *
 * @param refresh how old the rows that a stream looks up may become; null: they are read once
 */
public record JdbcSource(JdbcTable table, @Nullable Duration refresh) implements SourceProvider {

  private static final Logger LOG = LoggerFactory.getLogger(JdbcSource.class);

  @Override
  public String name() {
    return table.source();
  }

  @Override
  public boolean bounded() {
    return true;
  }

  @Override
  public void check(Problems problems) {
    try {
      JdbcRows.check(table);
    } catch (IOException e) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.FILE_NOT_READABLE,
              table.place(),
              "source " + name() + ": " + e.getMessage(),
              "columns are found by the very names that are declared"));
    }
  }

  @Override
  public @Nullable TableReading reading() {
    return refresh == null ? null : new Reading(table, refresh);
  }

  @Override
  public PCollectionTuple read(PBegin begin, ScanRequest request) {
    return begin
        .apply("Start", Impulse.create())
        .apply("Read", ParDo.of(new ReadFn(table, request.read(), request.eventTime())))
        .setCoder(DecodedRecordCoder.of(request.read()))
        .apply(
            "Stage",
            ParDo.of(new StageRecordsFn(name(), request))
                .withOutputTags(request.errors(), request.outputTags()));
  }

  private static final class ReadFn extends DoFn<byte[], DecodedRecord> {
    private static final long serialVersionUID = 1L;

    private final JdbcTable table;
    private final Schema read;
    private final int eventTime;

    ReadFn(JdbcTable table, Schema read, int eventTime) {
      this.table = table;
      this.read = read;
      this.eventTime = eventTime;
    }

    @ProcessElement
    public void process(OutputReceiver<DecodedRecord> receiver) throws IOException {
      JdbcRows.read(table, read, eventTime, receiver::output);
    }
  }

  private record Reading(JdbcTable table, Duration refresh) implements TableReading {
    @Override
    public List<Tuple> read(Schema columns) throws IOException {
      List<Tuple> rows = new ArrayList<>();
      int[] refused = new int[1];
      JdbcRows.read(
          table,
          columns,
          -1,
          record -> {
            Tuple row = record.row();
            if (row == null) {
              refused[0]++;
            } else {
              rows.add(row);
            }
          });
      if (refused[0] > 0) {
        LOG.warn("{} rows of {} cannot be used and are left out", refused[0], table.source());
      }
      return rows;
    }
  }
}
