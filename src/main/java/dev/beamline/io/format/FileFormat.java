package dev.beamline.io.format;

/** The formats of records. */
public enum FileFormat {
  /** One JSON object a line (NDJSON). */
  JSON,
  /** RFC 4180. */
  CSV,
  AVRO,
  PARQUET
}
