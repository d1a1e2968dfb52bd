package dev.beamline.io;

import dev.beamline.catalog.Schema;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a query writes, as any sink needs to know it.
 *
 * @param name the table's name, usually the query's
 * @param schema of the changes' rows: the query's columns, then the pane's where they are shown
 * @param key indexes of the columns of which a table has one row each: the sink upserts by them;
 *     empty: it appends
 */
public record SinkTable(String name, Schema schema, List<Integer> key, @Nullable String description)
    implements Serializable {

  public SinkTable {
    Objects.requireNonNull(name, "name");
    key = List.copyOf(key);
    for (int index : key) {
      Objects.checkIndex(index, schema.size());
    }
  }

  public boolean upserts() {
    return !key.isEmpty();
  }
}
