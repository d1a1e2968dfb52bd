package dev.beamline.catalog;

import java.util.List;
import java.util.stream.Collectors;

/** A struct. A field's name is empty where SQL gave none. */
public record StructType(List<Column> fields) implements Type {

  public StructType {
    fields = List.copyOf(fields);
  }

  @Override
  public String sql() {
    return fields.stream()
        .map(f -> f.name().isEmpty() ? f.type().sql() : f.name() + " " + f.type().sql())
        .collect(Collectors.joining(", ", "STRUCT<", ">"));
  }

  @Override
  public String toString() {
    return sql();
  }
}
