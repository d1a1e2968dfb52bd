package dev.beamline.catalog;

import java.util.Objects;

/** An array. As in BigQuery, an array of arrays does not exist as a column. */
public record ArrayType(Type element) implements Type {

  public ArrayType {
    Objects.requireNonNull(element, "element");
  }

  @Override
  public String sql() {
    return "ARRAY<" + element.sql() + ">";
  }

  @Override
  public String toString() {
    return sql();
  }
}
