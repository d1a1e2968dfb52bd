package dev.beamline.io.format;

/** Why a record is refused. Stable: it stands in error tables as {@code code}. */
public enum DecodeErrorCode {
  /** Not one JSON object. */
  INVALID_JSON,
  /** Quotes or the number of fields are wrong. */
  INVALID_CSV,
  INVALID_AVRO,
  INVALID_PARQUET,
  INVALID_UTF8,
  /** A required column is absent or null. */
  MISSING_FIELD,
  /** One column is given twice. */
  DUPLICATE_FIELD,
  /** The value does not have the column's type. */
  WRONG_TYPE,
  /** The value has the right form but its type cannot hold it. */
  OUT_OF_RANGE,
  RECORD_TOO_LARGE,
  /** A compressed file ends too early: what could be read was used. */
  TRUNCATED_FILE,
  /** A compressed or binary file is damaged: what could be read before was used. */
  CORRUPT_FILE
}
