package dev.beamline.deploy.status;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The job of a pipeline, as the service or the cluster that runs it tells of it. */
public interface ServiceJob {

  String id();

  /** In the service's own words. */
  String state();

  /** Whether that is a state that it should be in. */
  boolean healthy();

  /** Since when it is there; null: not told. */
  @Nullable Instant since();

  /** The hash of the manifest that it was made by; null: not told. */
  @Nullable String manifest();

  /** Up to when all events have been seen; null: not told. */
  @Nullable Instant watermark();

  /** What it counts of a query; null: nothing yet. */
  PipelineStatus.@Nullable Counts counts(String query);
}
