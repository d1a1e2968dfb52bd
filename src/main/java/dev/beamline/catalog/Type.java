package dev.beamline.catalog;

import java.io.Serializable;

/**
 * A type of BigQuery's. Values of each are carried as (null is SQL's NULL in every type):
 *
 * <table>
 * <caption>Java values</caption>
 * <tr><td>STRING</td><td>{@link String}</td></tr>
 * <tr><td>BYTES</td><td>{@link com.google.protobuf.ByteString}</td></tr>
 * <tr><td>INT64</td><td>{@link Long}</td></tr>
 * <tr><td>FLOAT64</td><td>{@link Double}</td></tr>
 * <tr><td>NUMERIC, BIGNUMERIC</td><td>{@link java.math.BigDecimal} in the form of {@link
 *     Values#canonical(java.math.BigDecimal)}, so that equals and hashCode follow the value</td></tr>
 * <tr><td>BOOL</td><td>{@link Boolean}</td></tr>
 * <tr><td>TIMESTAMP</td><td>{@link Long}: microseconds since 1970-01-01T00:00:00Z</td></tr>
 * <tr><td>DATETIME</td><td>{@link Long}: microseconds since 1970-01-01T00:00:00, no zone</td></tr>
 * <tr><td>DATE</td><td>{@link Long}: days since 1970-01-01</td></tr>
 * <tr><td>TIME</td><td>{@link Long}: microseconds since midnight</td></tr>
 * <tr><td>INTERVAL</td><td>{@link IntervalValue}</td></tr>
 * <tr><td>JSON</td><td>{@link com.fasterxml.jackson.databind.JsonNode}; JSON null is NullNode</td></tr>
 * <tr><td>ARRAY</td><td>{@link java.util.List}, never changed once made</td></tr>
 * <tr><td>STRUCT</td><td>{@link Tuple}</td></tr>
 * </table>
 */
public sealed interface Type extends Serializable permits ScalarType, ArrayType, StructType {

  /** As BigQuery writes it, such as {@code ARRAY<STRUCT<id STRING, n INT64>>}. */
  String sql();

  static ArrayType array(Type element) {
    return new ArrayType(element);
  }
}
