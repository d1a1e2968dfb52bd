package dev.beamline.io.bigquery;

/** How rows go into BigQuery. */
public enum WriteMethod {
  /** Storage Write, each row once. Changes by key are applied once by their sequence. */
  EXACTLY_ONCE,
  /**
   * As {@link #EXACTLY_ONCE}, of a stream: on a runner that goes back to checkpoints rows become
   * visible with them.
   */
  WITH_CHECKPOINTS,
  /** Storage Write's default stream: sooner and cheaper, a row may come twice. */
  AT_LEAST_ONCE,
  /** Jobs that load files; pipelines that end only. */
  FILE_LOADS
}
