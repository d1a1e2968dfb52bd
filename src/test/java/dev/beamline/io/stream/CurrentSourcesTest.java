package dev.beamline.io.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.apache.beam.runners.core.construction.SerializablePipelineOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.flink.configuration.GlobalConfiguration;
import org.junit.jupiter.api.Test;

/** Workers get the streams of a job as its project has them now. */
class CurrentSourcesTest {

  @Test
  void areThereOnWorkers() {
    PipelineOptions options = PipelineOptionsFactory.create();
    CurrentSources.add(options, "orders", "password 1");
    CurrentSources.add(options, "täglich / =", "two");
    CurrentSources.add(options, "orders", "password 2");
    PipelineOptions there = new SerializablePipelineOptions(options).get();
    assertEquals("password 2", CurrentSources.find(there, "orders", String.class));
    assertEquals("two", CurrentSources.find(there, "täglich / =", String.class));
    assertNull(CurrentSources.find(there, "other", String.class));
    assertNull(CurrentSources.find(PipelineOptionsFactory.create(), "orders", String.class));
  }

  /** Flink shows the options of a job to whoever asks; passwords of consumers must not be there. */
  @Test
  void areHiddenByFlink() {
    assertEquals(true, GlobalConfiguration.isSensitive("streamSecrets"));
  }
}
