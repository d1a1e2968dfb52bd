package dev.beamline.catalog;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The columns of a table or of an operator's output, in order. Names may repeat inside a plan. */
public record Schema(List<Column> columns) implements Serializable {

  public Schema {
    columns = List.copyOf(columns);
  }

  public static Schema of(Column... columns) {
    return new Schema(Arrays.asList(columns));
  }

  public int size() {
    return columns.size();
  }

  public Column column(int index) {
    return columns.get(index);
  }

  public Type type(int index) {
    return columns.get(index).type();
  }

  public String name(int index) {
    return columns.get(index).name();
  }

  /** The first column of that name, whatever its case, as in BigQuery; -1 where there is none. */
  public int indexOf(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  public List<String> names() {
    return columns.stream().map(Column::name).toList();
  }

  @Override
  public String toString() {
    return columns.stream()
        .map(c -> c.name() + " " + c.type().sql())
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
