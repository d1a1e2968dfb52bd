package dev.beamline.io.bigquery;

import com.google.api.gax.rpc.AlreadyExistsException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.Schema;
import dev.beamline.io.Backoff;
import dev.beamline.io.Ledger;
import dev.beamline.io.ServiceException;
import dev.beamline.io.format.ValueText;
import dev.beamline.io.stream.StreamEnd;
import dev.beamline.transform.Change;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.ErrorRecordCoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.WriteStreamService;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServicesImpl;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Appends each row once on a runner that goes back to checkpoints. Rows are put into buffered
 * streams as they come, where no reader sees them; which rows of which stream there are to show is
 * part of the checkpoint, and they are shown when it is made. What was put into a stream after the
 * newest checkpoint before a crash is never shown: it comes again, and goes into another stream. To
 * show the same rows twice is to show them once.
 */
final class WriteOnce extends PTransform<PCollection<Change>, PCollection<ErrorRecord>> {

  private static final long serialVersionUID = 1L;

  private final transient TableSettings settings;

  WriteOnce(TableSettings settings) {
    this.settings = settings;
  }

  @Override
  public PCollection<ErrorRecord> expand(PCollection<Change> rows) {
    StreamEnd.waitForCheckpoint(rows.getPipeline().getOptions());
    TupleTag<KV<String, Long>> staged = new TupleTag<>("staged");
    TupleTag<ErrorRecord> refused = new TupleTag<>("refused");
    PCollectionTuple done =
        rows.apply(
            "Stage",
            ParDo.of(
                    new StageFn(
                        settings.id(), settings.table().name(), settings.table().schema(), refused))
                .withOutputTags(staged, TupleTagList.of(refused)));
    done.get(staged)
        .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
        // Flink makes no checkpoint where a part of a step that asks for stable input has ended,
        // and
        // in one task with a source those parts end which have nothing to read.
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Show", ParDo.of(new ShowFn(settings.id())));
    return done.get(refused).setCoder(ErrorRecordCoder.of());
  }

  private static WriteStreamService service(PipelineOptions options) {
    return new BigQueryServicesImpl().getWriteStreamService(options.as(BigQueryOptions.class));
  }

  private static void close(@Nullable WriteStreamService service) {
    if (service != null) {
      try {
        service.close();
      } catch (Exception e) {
        throw new IllegalStateException("a client of BigQuery does not close", e);
      }
    }
  }

  /** Puts a bundle's rows into its stream, and says up to where there is something to show. */
  static final class StageFn extends DoFn<Change, KV<String, Long>> {

    private static final long serialVersionUID = 1L;

    private final TableId table;
    private final String name;
    private final Schema schema;
    private final TupleTag<ErrorRecord> refused;
    private final Counter written;
    private transient @Nullable ProtoEncoder encoder;
    private transient @Nullable List<Change> bundle;
    private transient @Nullable Instant time;
    private transient @Nullable WriteStreamService service;
    private transient @Nullable StagingStream stream;

    StageFn(TableId table, String name, Schema schema, TupleTag<ErrorRecord> refused) {
      this.table = table;
      this.name = name;
      this.schema = schema;
      this.refused = refused;
      this.written = Ledger.counter(Ledger.WRITTEN, name);
    }

    @Setup
    public void setup() {
      encoder = new ProtoEncoder(schema);
    }

    @StartBundle
    public void startBundle() {
      bundle = new ArrayList<>();
    }

    @ProcessElement
    public void process(@Element Change change, @Timestamp Instant timestamp) {
      time = timestamp;
      Objects.requireNonNull(bundle).add(change);
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) throws IOException, InterruptedException {
      List<Change> changes = Objects.requireNonNull(bundle);
      if (changes.isEmpty()) {
        return;
      }
      bundle = new ArrayList<>();
      ProtoEncoder encoding = Objects.requireNonNull(encoder);
      List<ByteString> rows = new ArrayList<>(changes.size());
      for (Change change : changes) {
        rows.add(encoding.row(change.row()));
      }
      StagingStream to = stream;
      if (to == null) {
        service = service(context.getPipelineOptions());
        to = new StagingStream(table, encoding.descriptor(), service);
        stream = to;
      }
      StagingStream.Staged staged = to.stage(rows);
      Instant at = Objects.requireNonNull(time);
      if (staged.last() >= 0) {
        context.output(KV.of(staged.stream(), staged.last()), at, GlobalWindow.INSTANCE);
      }
      staged
          .refused()
          .forEach(
              (index, reason) -> {
                written.dec();
                context.output(
                    refused,
                    new ErrorRecord(
                        name,
                        "REFUSED_BY_SINK",
                        reason,
                        ValueText.jsonObject(
                            schema, changes.get(index).row(), ValueText.Numbers.EXACT),
                        false,
                        table.toString(),
                        null),
                    at,
                    GlobalWindow.INSTANCE);
              });
    }

    @Teardown
    public void teardown() {
      StagingStream open = stream;
      stream = null;
      if (open != null) {
        open.close();
      }
      close(service);
      service = null;
    }
  }

  /** Shows what a checkpoint has. */
  static final class ShowFn extends DoFn<KV<String, Long>, Void> {

    private static final long serialVersionUID = 1L;

    private final TableId table;
    private transient @Nullable Map<String, Long> bundle;
    private transient @Nullable WriteStreamService service;

    ShowFn(TableId table) {
      this.table = table;
    }

    @StartBundle
    public void startBundle() {
      bundle = new HashMap<>();
    }

    @RequiresStableInput
    @ProcessElement
    public void process(@Element KV<String, Long> staged) {
      Objects.requireNonNull(bundle).merge(staged.getKey(), staged.getValue(), Math::max);
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) throws IOException, InterruptedException {
      WriteStreamService with = service;
      for (Map.Entry<String, Long> staged : Objects.requireNonNull(bundle).entrySet()) {
        if (with == null) {
          with = service(context.getPipelineOptions());
          service = with;
        }
        show(with, staged.getKey(), staged.getValue());
      }
      bundle = new HashMap<>();
    }

    private void show(WriteStreamService with, String stream, long last)
        throws IOException, InterruptedException {
      Backoff backoff = new Backoff();
      while (true) {
        try {
          with.flush(stream, last).get();
          return;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof AlreadyExistsException) {
            // They were shown before a crash.
            return;
          }
          if (e.getCause() instanceof NotFoundException) {
            throw new ServiceException(forgotten(stream), e);
          }
          if (!backoff.again()) {
            throw new IOException(
                "BigQuery does not show rows of " + table + ": " + e.getCause(), e);
          }
        }
      }
    }

    private String forgotten(String stream) {
      return "rows of "
          + table
          + " were written and not yet shown when the pipeline was stopped, and BigQuery has"
          + " forgotten their stream "
          + stream
          + " since: nobody can tell whether they are in the table. To go on without, run with"
          + " --fresh";
    }

    @Teardown
    public void teardown() {
      close(service);
      service = null;
    }
  }
}
