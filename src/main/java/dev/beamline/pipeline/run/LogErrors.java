package dev.beamline.pipeline.run;

import dev.beamline.io.Ledger;
import dev.beamline.transform.ErrorRecord;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** The last place for records that even a table of errors refuses: the log. */
final class LogErrors extends PTransform<PCollection<ErrorRecord>, PDone> {

  private static final long serialVersionUID = 1L;

  @Override
  public PDone expand(PCollection<ErrorRecord> errors) {
    errors.apply("Log", ParDo.of(new LogFn()));
    return PDone.in(errors.getPipeline());
  }

  private static final class LogFn extends DoFn<ErrorRecord, Void> {
    private static final long serialVersionUID = 1L;

    private final Counter logged = Ledger.counter("logged", "errors");

    @ProcessElement
    public void process(@Element ErrorRecord error) {
      logged.inc();
      System.getLogger(LogErrors.class.getName()).log(System.Logger.Level.ERROR, error);
    }
  }
}
