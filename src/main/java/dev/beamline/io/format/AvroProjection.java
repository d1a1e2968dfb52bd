package dev.beamline.io.format;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Unread;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * The part of a writer's schema that somebody looks at; Avro skips the rest. A record that the
 * schema names several times is left whole, for one name can only have one form.
 */
final class AvroProjection {

  private final Set<String> repeated = new HashSet<>();

  private AvroProjection(Schema written) {
    count(written, new HashSet<>());
  }

  static Schema of(Schema written, List<Column> columns, List<String> more) {
    return new AvroProjection(written).record(written, columns, more);
  }

  private void count(Schema schema, Set<String> seen) {
    switch (schema.getType()) {
      case RECORD -> {
        if (!seen.add(schema.getFullName())) {
          repeated.add(schema.getFullName());
          return;
        }
        schema.getFields().forEach(field -> count(field.schema(), seen));
      }
      case ARRAY -> count(schema.getElementType(), seen);
      case MAP -> count(schema.getValueType(), seen);
      case UNION -> schema.getTypes().forEach(branch -> count(branch, seen));
      default -> {
        // Has no parts.
      }
    }
  }

  private Schema record(Schema written, List<Column> columns, List<String> more) {
    List<Schema.Field> kept = new ArrayList<>();
    for (Column column : columns) {
      Schema.Field field = AvroValues.field(written, column.name());
      if (field != null && isNew(field, kept)) {
        kept.add(new Schema.Field(field.name(), part(field.schema(), column.type()), null, null));
      }
    }
    for (String name : more) {
      Schema.Field field = AvroValues.field(written, name);
      if (field != null && isNew(field, kept)) {
        kept.add(new Schema.Field(field.name(), field.schema(), null, null));
      }
    }
    return Schema.createRecord(
        written.getName(), null, written.getNamespace(), written.isError(), kept);
  }

  private static boolean isNew(Schema.Field field, List<Schema.Field> kept) {
    return kept.stream().noneMatch(f -> f.name().equals(field.name()));
  }

  private Schema part(Schema written, Type type) {
    if (!partly(type)) {
      return written;
    } else if (written.isUnion()) {
      return Schema.createUnion(
          written.getTypes().stream().map(branch -> part(branch, type)).toList());
    } else if (type instanceof ArrayType array && written.getType() == Schema.Type.ARRAY) {
      return Schema.createArray(part(written.getElementType(), array.element()));
    } else if (type instanceof StructType struct
        && written.getType() == Schema.Type.RECORD
        && !repeated.contains(written.getFullName())) {
      return record(written, AvroSchemas.named(struct), List.of());
    }
    return written;
  }

  /** Whether some field of the type is not read. */
  private static boolean partly(Type type) {
    if (type instanceof ArrayType array) {
      return partly(array.element());
    }
    return type instanceof StructType struct
        && struct.fields().stream().anyMatch(f -> Unread.is(f) || partly(f.type()));
  }
}
