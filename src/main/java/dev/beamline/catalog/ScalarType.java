package dev.beamline.catalog;

/** The types without parts. */
public enum ScalarType implements Type {
  STRING,
  BYTES,
  INT64,
  FLOAT64,
  NUMERIC,
  BIGNUMERIC,
  BOOL,
  TIMESTAMP,
  DATETIME,
  DATE,
  TIME,
  INTERVAL,
  JSON;

  @Override
  public String sql() {
    return name();
  }
}
