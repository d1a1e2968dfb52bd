package dev.beamline.catalog;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table or a field of a struct.
 *
 * @param required whether NULL is refused
 */
public record Column(String name, Type type, boolean required, @Nullable String description)
    implements Serializable {

  public Column {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
  }

  public static Column of(String name, Type type) {
    return new Column(name, type, false, null);
  }
}
