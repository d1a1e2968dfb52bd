package dev.beamline.io.bigquery;

import com.google.api.services.bigquery.model.TableRow;
import dev.beamline.catalog.Schema;
import dev.beamline.io.Ledger;
import dev.beamline.io.format.AvroRecords;
import dev.beamline.io.format.ValueText;
import dev.beamline.transform.Change;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.ErrorRecordCoder;
import java.util.Locale;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO.Write;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryStorageApiInsertError;
import org.apache.beam.sdk.io.gcp.bigquery.RowMutationInformation;
import org.apache.beam.sdk.io.gcp.bigquery.RowMutationInformation.MutationType;
import org.apache.beam.sdk.io.gcp.bigquery.WriteResult;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Duration;

/** Writes changes into a table that is there; what it refuses comes out, with the reason. */
final class WriteChanges extends PTransform<PCollection<Change>, PCollection<ErrorRecord>> {

  private static final long serialVersionUID = 1L;

  /** How long rows wait to be sent together where each is to come once. */
  private static final Duration FLUSH_EVERY = Duration.standardSeconds(1);

  private static final int STREAMS = 2;

  private final transient TableSettings settings;
  private final WriteMethod method;

  WriteChanges(TableSettings settings, WriteMethod method) {
    this.settings = settings;
    this.method = method;
  }

  @Override
  public PCollection<ErrorRecord> expand(PCollection<Change> changes) {
    boolean upserts = settings.table().upserts();
    boolean bounded = changes.isBounded() == PCollection.IsBounded.BOUNDED;
    Schema schema = settings.table().schema();
    String name = settings.table().name();
    TupleTag<Change> kept = new TupleTag<>("rows");
    TupleTag<ErrorRecord> unfit = new TupleTag<>("unfit");
    PCollectionTuple checked =
        changes.apply(
            "Check",
            ParDo.of(new CheckFn(name, settings.id().toString(), schema, upserts, unfit))
                .withOutputTags(kept, TupleTagList.of(unfit)));
    PCollection<Change> rows = checked.get(kept).setCoder(changes.getCoder());
    PCollection<ErrorRecord> errors = checked.get(unfit).setCoder(ErrorRecordCoder.of());
    Write<Change> write =
        BigQueryIO.<Change>write()
            .to(settings.id().reference())
            .withSchema(BigQueryTypes.schema(schema))
            .withCreateDisposition(Write.CreateDisposition.CREATE_NEVER)
            .withWriteDisposition(Write.WriteDisposition.WRITE_APPEND)
            .withoutValidation();
    if (method == WriteMethod.FILE_LOADS) {
      rows.apply(
          "Load",
          write
              .withMethod(Write.Method.FILE_LOADS)
              .withAvroSchemaFactory(new AvroRecords.SchemaOf(schema))
              .withAvroFormatFunction(
                  request ->
                      AvroRecords.record(request.getSchema(), schema, request.getElement().row()))
              .useAvroLogicalTypes());
      return errors;
    }
    if (method == WriteMethod.WITH_CHECKPOINTS
        && !upserts
        && !bounded
        && goesBackToCheckpoints(changes.getPipeline().getOptions())) {
      return PCollectionList.of(errors)
          .and(rows.apply("Once", new WriteOnce(settings)))
          .apply("AllRefused", Flatten.pCollections());
    }
    write =
        write
            .withFormatFunction(new FormatFn(schema))
            .withFormatRecordOnFailureFunction(new FormatFn(schema));
    if (upserts) {
      // Where this run cannot see what another has written, its own changes are the newer ones.
      long base = bounded ? System.currentTimeMillis() * 1000 : 0;
      write =
          write
              .withMethod(Write.Method.STORAGE_API_AT_LEAST_ONCE)
              .withPrimaryKey(settings.primaryKey())
              .withRowMutationInformationFn(new MutationFn(base));
    } else if (method == WriteMethod.AT_LEAST_ONCE) {
      write = write.withMethod(Write.Method.STORAGE_API_AT_LEAST_ONCE);
    } else {
      write = write.withMethod(Write.Method.STORAGE_WRITE_API);
      if (!bounded) {
        write = write.withTriggeringFrequency(FLUSH_EVERY).withNumStorageWriteApiStreams(STREAMS);
      }
    }
    WriteResult result = rows.apply("Write", write);
    return PCollectionList.of(errors)
        .and(
            result
                .getFailedStorageApiInserts()
                .apply("Refused", ParDo.of(new RefusedFn(name, settings.id().toString())))
                .setCoder(ErrorRecordCoder.of()))
        .apply("AllRefused", Flatten.pCollections());
  }

  /**
   * Beam's own writer remembers its streams in a state that Flink takes back in a crash, and what
   * was written since then comes twice.
   */
  private static boolean goesBackToCheckpoints(PipelineOptions options) {
    return options.getRunner().getSimpleName().equals("FlinkRunner");
  }

  /** Counts rows; those that no table can hold come out, with the reason. */
  private static final class CheckFn extends DoFn<Change, Change> {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String table;
    private final Schema schema;
    private final boolean upserts;
    private final TupleTag<ErrorRecord> unfit;
    private final Counter written;

    CheckFn(
        String name, String table, Schema schema, boolean upserts, TupleTag<ErrorRecord> unfit) {
      this.name = name;
      this.table = table;
      this.schema = schema;
      this.upserts = upserts;
      this.unfit = unfit;
      this.written = Ledger.counter(Ledger.WRITTEN, name);
    }

    @ProcessElement
    public void process(@Element Change change, ProcessContext context) {
      // Withdrawals have no place in a table that is appended to.
      if (change.withdrawn()) {
        if (upserts) {
          context.output(change);
        }
        return;
      }
      String array = BigQueryRows.nullInArray(schema.columns(), change.row());
      if (array == null) {
        written.inc();
        context.output(change);
      } else {
        context.output(
            unfit,
            new ErrorRecord(
                name,
                "REFUSED_BY_SINK",
                "column " + array + ": an array in a table cannot hold NULL",
                ValueText.jsonObject(schema, change.row(), ValueText.Numbers.EXACT),
                false,
                table,
                null));
      }
    }
  }

  private static final class FormatFn implements SerializableFunction<Change, TableRow> {
    private static final long serialVersionUID = 1L;

    private final Schema schema;

    FormatFn(Schema schema) {
      this.schema = schema;
    }

    @Override
    public TableRow apply(Change change) {
      return BigQueryRows.row(schema, change.row());
    }
  }

  /**
   * The larger sequence wins, whatever the order in which changes come. BigQuery reads it as
   * hexadecimal.
   */
  private static final class MutationFn
      implements SerializableFunction<Change, RowMutationInformation> {
    private static final long serialVersionUID = 1L;

    private final long base;

    MutationFn(long base) {
      this.base = base;
    }

    @Override
    public RowMutationInformation apply(Change change) {
      return RowMutationInformation.of(
          change.withdrawn() ? MutationType.DELETE : MutationType.UPSERT,
          String.format(Locale.ROOT, "%016X", base + change.sequence()));
    }
  }

  private static final class RefusedFn extends DoFn<BigQueryStorageApiInsertError, ErrorRecord> {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String table;
    private final Counter written;

    RefusedFn(String name, String table) {
      this.name = name;
      this.table = table;
      this.written = Ledger.counter(Ledger.WRITTEN, name);
    }

    @ProcessElement
    public void process(
        @Element BigQueryStorageApiInsertError error, OutputReceiver<ErrorRecord> receiver) {
      written.dec();
      String message = error.getErrorMessage();
      receiver.output(
          new ErrorRecord(
              name,
              "REFUSED_BY_SINK",
              message == null ? "BigQuery gave no reason" : message,
              TableRowText.json(error.getRow()),
              false,
              table,
              null));
    }
  }
}
