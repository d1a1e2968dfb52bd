package dev.beamline.plan;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Unread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of a value are looked at. Of an array it says so for each element.
 *
 * @param looked whether anything is
 * @param fields the fields of a struct that are looked at, by their index; null: the whole value
 */
public record FieldUse(boolean looked, @Nullable Map<Integer, FieldUse> fields) {

  /** The whole value. */
  public static final FieldUse ALL = new FieldUse(true, null);

  /** Nothing of it. */
  public static final FieldUse NONE = new FieldUse(false, Map.of());

  /** Whether it is there, and of an array how many elements it has. */
  static final FieldUse THERE = new FieldUse(true, Map.of());

  /** Some parts of one field. */
  static FieldUse of(int field, FieldUse use) {
    return use.looked ? new FieldUse(true, Map.of(field, use)) : NONE;
  }

  /** What either looks at. */
  public FieldUse and(FieldUse other) {
    if (fields == null || other.fields == null) {
      return ALL;
    }
    Map<Integer, FieldUse> both = new TreeMap<>(fields);
    other.fields.forEach((field, use) -> both.merge(field, use, FieldUse::and));
    return new FieldUse(looked || other.looked, both);
  }

  /**
   * The type with all its fields in their places, where those that nobody looks at are {@link
   * Unread}.
   */
  public Type of(Type type) {
    if (fields == null || fields.isEmpty()) {
      return type;
    } else if (type instanceof ArrayType array) {
      return new ArrayType(of(array.element()));
    } else if (type instanceof StructType struct) {
      List<Column> columns = new ArrayList<>();
      for (int i = 0; i < struct.fields().size(); i++) {
        Column field = struct.fields().get(i);
        FieldUse use = fields.get(i);
        columns.add(
            use == null
                ? Unread.field(field)
                : new Column(
                    field.name(), use.of(field.type()), field.required(), field.description()));
      }
      return new StructType(columns);
    }
    return type;
  }
}
