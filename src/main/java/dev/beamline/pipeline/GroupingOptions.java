package dev.beamline.pipeline;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How groups of bounded input are put together. */
public interface GroupingOptions extends PipelineOptions {

  @Description(
      "Number of shards in which groups of bounded input are finished in memory; 0: the runner"
          + " groups by key, which is right wherever data is large.")
  @Default.Integer(0)
  int getGroupShards();

  void setGroupShards(int shards);
}
