package dev.beamline.pipeline.run;

import dev.beamline.project.Target;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.joda.time.Duration;

/** Runs batches, and streams that a service holds, on Beam's DirectRunner, in this process. */
final class DirectJob implements JobRunner {

  private static final Duration POLL = Duration.millis(200);

  private final Target target;

  DirectJob(Target target) {
    this.target = target;
  }

  @Override
  public DirectOptions options() {
    return LocalOptions.direct(target);
  }

  @Override
  public RunLedger run(Pipeline pipeline, Consumer<RunLedger> progress, StopSignal stop)
      throws IOException {
    PipelineResult result = pipeline.run();
    PipelineResult.State state;
    do {
      state = result.waitUntilFinish(POLL);
      progress.accept(RunLedger.of(result.metrics()));
      if (stop.isAsked()) {
        // What was read and not written yet is not acknowledged: it comes again.
        RunLedger ledger = RunLedger.of(result.metrics());
        result.cancel();
        return ledger;
      }
    } while (state == null || !state.isTerminal());
    if (state != PipelineResult.State.DONE) {
      throw new IOException("the pipeline ended as " + state);
    }
    return RunLedger.of(result.metrics());
  }
}
