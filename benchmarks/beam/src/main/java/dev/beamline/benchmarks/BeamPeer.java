package dev.beamline.benchmarks;

import java.util.List;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.values.PCollection;

/**
 * Answers a workload with stock Beam: {@code sql|hand direct|flink WORKLOAD INPUT OUTPUT}. Each
 * runner has its best settings.
 */
public final class BeamPeer {

  private BeamPeer() {}

  public static void main(String[] args) {
    Pipeline pipeline = Pipeline.create(options(args[1]));
    PCollection<String> lines = pipeline.apply("Read", TextIO.read().from(args[3]));
    PCollection<String> rows =
        args[0].equals("sql")
            ? StockSql.answer(args[2], lines)
            : HandWritten.answer(args[2], lines);
    rows.apply("Write", TextIO.write().to(args[4]).withoutSharding());
    pipeline.run().waitUntilFinish();
  }

  private static PipelineOptions options(String runner) {
    if (runner.equals("direct")) {
      DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
      options.setRunner(DirectRunner.class);
      options.setEnforceEncodability(false);
      options.setEnforceImmutability(false);
      options.setTargetParallelism(2);
      return options;
    }
    FlinkPipelineOptions options = PipelineOptionsFactory.create().as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setFlinkMaster("[local]");
    options.setParallelism(2);
    options.setObjectReuse(true);
    options.setFasterCopy(true);
    options.setFilesToStage(List.of());
    return options;
  }
}
