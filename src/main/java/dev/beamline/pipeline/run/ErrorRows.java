package dev.beamline.pipeline.run;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.transform.Change;
import dev.beamline.transform.ChangeCoder;
import dev.beamline.transform.ErrorRecord;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/** Makes rows of error records, so that any sink can take them. */
final class ErrorRows extends PTransform<PCollection<ErrorRecord>, PCollection<Change>> {

  private static final long serialVersionUID = 1L;

  /** The columns of a table of errors. */
  static final Schema SCHEMA =
      Schema.of(
          described(
              "origin", ScalarType.STRING, "The source, or the query whose expression failed."),
          described("code", ScalarType.STRING, "The kind of the mistake."),
          described("message", ScalarType.STRING, "What is wrong with which value."),
          described("input", ScalarType.STRING, "The whole record."),
          described("base64", ScalarType.BOOL, "Whether input is in base64, since it is no text."),
          described("location", ScalarType.STRING, "File and line, topic and offset, message id."),
          described("event_time", ScalarType.TIMESTAMP, "When it happened, where that is known."));

  private static Column described(String name, ScalarType type, String description) {
    return new Column(name, type, false, description);
  }

  @Override
  public PCollection<Change> expand(PCollection<ErrorRecord> errors) {
    return errors.apply("ToRows", ParDo.of(new ToRow())).setCoder(ChangeCoder.of(SCHEMA));
  }

  private static final class ToRow extends DoFn<ErrorRecord, Change> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element ErrorRecord error, OutputReceiver<Change> receiver) {
      Tuple row =
          Tuple.of(
              error.origin(),
              error.code(),
              error.message(),
              error.input(),
              error.base64(),
              error.location(),
              error.eventTimeMicros());
      receiver.output(new Change(row, false, 0));
    }
  }
}
