package dev.beamline.io.format;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Unread;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Converts values of a writer's schema to declared types. */
final class AvroValues {

  private AvroValues() {}

  /** Converts a datum, which may be null. */
  interface Converter {
    @Nullable Object convert(@Nullable Object datum) throws DecodeException;
  }

  /** The field of that name, whatever its case; null where the writer has none. */
  static Schema.@Nullable Field field(Schema record, String name) {
    if (Unread.isName(name)) {
      return null;
    }
    String safe = AvroSchemas.safeName(name);
    for (Schema.Field field : record.getFields()) {
      if (field.name().equalsIgnoreCase(name) || field.name().equalsIgnoreCase(safe)) {
        return field;
      }
    }
    return null;
  }

  static Converter of(Schema schema, Type type) {
    if (schema.isUnion()) {
      return ofUnion(schema, type);
    }
    if (type instanceof ArrayType array) {
      return ofArray(schema, array);
    }
    if (type instanceof StructType struct) {
      return ofStruct(schema, struct);
    }
    ScalarType scalar = (ScalarType) type;
    return datum -> datum == null ? null : scalar(schema, scalar, datum);
  }

  private static Converter ofUnion(Schema union, Type type) {
    List<Schema> branches =
        union.getTypes().stream().filter(s -> s.getType() != Schema.Type.NULL).toList();
    if (branches.size() == 1) {
      return of(branches.get(0), type);
    }
    List<Converter> converters = branches.stream().map(s -> of(s, type)).toList();
    return datum -> {
      if (datum == null) {
        return converters.isEmpty() && type instanceof ArrayType ? List.of() : null;
      }
      int index =
          org.apache.avro.generic.GenericData.get()
              .resolveUnion(Schema.createUnion(branches), datum);
      return converters.get(index).convert(datum);
    };
  }

  private static Converter ofArray(Schema schema, ArrayType type) {
    if (schema.getType() != Schema.Type.ARRAY) {
      return datum -> {
        if (datum == null) {
          return List.of();
        }
        throw wrong(schema, type);
      };
    }
    Converter element = of(schema.getElementType(), type.element());
    return datum -> {
      if (datum == null) {
        return List.of();
      }
      List<Object> elements = new ArrayList<>();
      for (Object one : (Iterable<?>) datum) {
        Object value = element.convert(one);
        if (value == null) {
          throw new DecodeException(
              DecodeErrorCode.WRONG_TYPE,
              "element " + elements.size() + " is null, which an array cannot hold");
        }
        elements.add(value);
      }
      return Collections.unmodifiableList(elements);
    };
  }

  private static Converter ofStruct(Schema schema, StructType type) {
    if (schema.getType() != Schema.Type.RECORD) {
      return datum -> {
        if (datum == null) {
          return null;
        }
        throw wrong(schema, type);
      };
    }
    Fields fields = new Fields(schema, AvroSchemas.named(type), List.of());
    return datum -> datum == null ? null : fields.read((GenericRecord) datum);
  }

  /** A record's fields as a tuple. */
  static final class Fields {
    private final List<Column> columns;
    private final List<String> requiredOnly;
    private final @Nullable Converter[] converters;
    private final String[] names;
    private final @Nullable String[] requiredNames;

    Fields(Schema schema, List<Column> columns, List<String> requiredOnly) {
      this.columns = columns;
      this.requiredOnly = requiredOnly;
      this.converters = new @Nullable Converter[columns.size()];
      this.names = new String[columns.size()];
      for (int i = 0; i < columns.size(); i++) {
        Schema.Field field = field(schema, columns.get(i).name());
        names[i] = field == null ? columns.get(i).name() : field.name();
        converters[i] = field == null ? null : of(field.schema(), columns.get(i).type());
      }
      this.requiredNames = new @Nullable String[requiredOnly.size()];
      for (int i = 0; i < requiredNames.length; i++) {
        Schema.Field field = field(schema, requiredOnly.get(i));
        requiredNames[i] = field == null ? null : field.name();
      }
    }

    Tuple read(GenericRecord record) throws DecodeException {
      @Nullable Object[] values = new @Nullable Object[columns.size()];
      for (int i = 0; i < values.length; i++) {
        Column column = columns.get(i);
        Converter converter = converters[i];
        if (converter == null) {
          values[i] = JsonValues.whereAbsent(column);
        } else {
          try {
            values[i] = converter.convert(record.get(names[i]));
          } catch (DecodeException e) {
            throw e.in(column.name());
          }
        }
        if (column.required() && values[i] == null) {
          throw JsonValues.missing(column.name(), converter != null);
        }
      }
      for (int i = 0; i < requiredNames.length; i++) {
        String name = requiredNames[i];
        if (name == null || record.get(name) == null) {
          throw JsonValues.missing(requiredOnly.get(i), name != null);
        }
      }
      return Tuple.of(values);
    }
  }

  private static Object scalar(Schema schema, ScalarType type, Object datum)
      throws DecodeException {
    LogicalType logical = schema.getLogicalType();
    switch (schema.getType()) {
      case STRING, ENUM -> {
        return BinaryValues.ofText(datum.toString(), type);
      }
      case BOOLEAN -> {
        return BinaryValues.ofBoolean((Boolean) datum, type);
      }
      case FLOAT, DOUBLE -> {
        return BinaryValues.ofDouble(((Number) datum).doubleValue(), type);
      }
      case INT, LONG -> {
        return whole(logical, ((Number) datum).longValue(), type);
      }
      case BYTES, FIXED -> {
        byte[] bytes =
            datum instanceof GenericFixed fixed ? fixed.bytes() : array((ByteBuffer) datum);
        return logical instanceof LogicalTypes.Decimal decimal
            ? BinaryValues.ofDecimal(
                new BigDecimal(new BigInteger(bytes), decimal.getScale()), type)
            : BinaryValues.ofBytes(bytes, type);
      }
      default -> throw wrong(schema, type);
    }
  }

  private static Object whole(@Nullable LogicalType logical, long value, ScalarType type)
      throws DecodeException {
    String name = logical == null ? "" : logical.getName();
    return switch (name) {
      case "date" -> BinaryValues.ofDate(value, type);
      case "time-millis" -> BinaryValues.ofTime(value * 1000, type);
      case "time-micros" -> BinaryValues.ofTime(value, type);
      case "timestamp-millis" ->
          BinaryValues.ofTimestamp(BinaryValues.TimeUnit.MILLIS.toMicros(value), true, type);
      case "timestamp-micros" -> BinaryValues.ofTimestamp(value, true, type);
      case "timestamp-nanos" ->
          BinaryValues.ofTimestamp(BinaryValues.TimeUnit.NANOS.toMicros(value), true, type);
      case "local-timestamp-millis" ->
          BinaryValues.ofTimestamp(BinaryValues.TimeUnit.MILLIS.toMicros(value), false, type);
      case "local-timestamp-micros" -> BinaryValues.ofTimestamp(value, false, type);
      default -> BinaryValues.ofLong(value, type);
    };
  }

  private static byte[] array(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static DecodeException wrong(Schema schema, Type type) {
    return new DecodeException(
        DecodeErrorCode.WRONG_TYPE,
        "Avro's " + schema.getType().getName() + " is not of type " + type.sql());
  }
}
