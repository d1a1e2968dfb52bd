package dev.beamline.io.bigquery;

/** How rows go into BigQuery. */
public enum WriteMethod {
  /** Storage Write, each row once. Changes by key are applied once by their sequence. */
  EXACTLY_ONCE,
  /** Storage Write's default stream: sooner and cheaper, a row may come twice. */
  AT_LEAST_ONCE,
  /** Jobs that load files; pipelines that end only. */
  FILE_LOADS
}
