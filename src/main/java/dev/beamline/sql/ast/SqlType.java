package dev.beamline.sql.ast;

import dev.beamline.diagnostic.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A type as written. */
public sealed interface SqlType {

  Place place();

  /**
   * A name, upper case ({@code BIGINT}, {@code DOUBLE PRECISION} are left to the analyzer), and its
   * parameters: {@code STRING(10)}, {@code NUMERIC(10, 2)}.
   */
  record Named(String name, List<Long> parameters, Place place) implements SqlType {
    public Named {
      parameters = List.copyOf(parameters);
    }
  }

  record Array(SqlType element, Place place) implements SqlType {}

  /** Field names are empty where not given. */
  record Struct(List<Field> fields, Place place) implements SqlType {
    public Struct {
      fields = List.copyOf(fields);
    }
  }

  /** A field of a struct. */
  record Field(@Nullable String name, SqlType type) {}
}
