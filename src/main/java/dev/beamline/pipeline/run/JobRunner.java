package dev.beamline.pipeline.run;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;

/** Runs a pipeline where its target says. */
interface JobRunner {

  /** What the pipeline is to be made with. */
  PipelineOptions options();

  /** Where a stream without end goes on; empty: this run keeps no state for the next one. */
  default Optional<ResumePoint> resumePoint() throws IOException, InterruptedException {
    return Optional.empty();
  }

  /**
   * Runs to the end, or until it was stopped.
   *
   * @param progress is told the counters now and then, from this thread
   * @throws IOException where it fails
   */
  RunLedger run(Pipeline pipeline, Consumer<RunLedger> progress, StopSignal stop)
      throws IOException, InterruptedException;
}
