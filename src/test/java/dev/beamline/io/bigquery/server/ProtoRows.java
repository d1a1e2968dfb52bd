package dev.beamline.io.bigquery.server;

import com.google.cloud.bigquery.storage.v1.AnnotationsProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows as Storage Write sends them: messages of a descriptor that comes with them. */
final class ProtoRows {

  static final String CHANGE_TYPE = "_CHANGE_TYPE";
  static final String SEQUENCE = "_CHANGE_SEQUENCE_NUMBER";

  private final Descriptor descriptor;

  ProtoRows(DescriptorProto given) {
    try {
      ExtensionRegistry extensions = ExtensionRegistry.newInstance();
      AnnotationsProto.registerAllExtensions(extensions);
      DescriptorProto proto = DescriptorProto.parseFrom(given.toByteString(), extensions);
      this.descriptor =
          FileDescriptor.buildFrom(
                  FileDescriptorProto.newBuilder()
                      .setName("rows.proto")
                      .setSyntax("proto2")
                      .addMessageType(proto)
                      .build(),
                  new FileDescriptor[0])
              .getMessageTypes()
              .get(0);
    } catch (DescriptorValidationException | InvalidProtocolBufferException e) {
      throw ApiException.invalid("Invalid proto schema: " + e.getMessage());
    }
  }

  boolean hasChangeType() {
    return find(descriptor, CHANGE_TYPE) != null;
  }

  /** Fails where the descriptor has a field that the table has no column for. */
  void check(List<Field> fields) {
    check(descriptor, fields, "");
  }

  private static void check(Descriptor descriptor, List<Field> fields, String path) {
    for (FieldDescriptor field : descriptor.getFields()) {
      String name = columnName(field);
      if (name.equalsIgnoreCase(CHANGE_TYPE) || name.equalsIgnoreCase(SEQUENCE)) {
        continue;
      }
      Field column =
          fields.stream().filter(f -> f.name().equalsIgnoreCase(name)).findFirst().orElse(null);
      if (column == null) {
        throw ApiException.invalid(
            "The source object has fields unknown to BigQuery: " + path + name + ".");
      }
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        check(field.getMessageType(), column.fields(), path + name + ".");
      }
    }
  }

  /** The row, with the pseudo columns of changes where they are there. */
  Map<String, Object> read(List<Field> fields, ByteString bytes) {
    try {
      DynamicMessage message = DynamicMessage.parseFrom(descriptor, bytes);
      if (!message.getUnknownFields().asMap().isEmpty()) {
        throw ApiException.invalid("row has fields that its descriptor lacks");
      }
      Map<String, Object> row = struct(fields, message);
      for (String pseudo : List.of(CHANGE_TYPE, SEQUENCE)) {
        FieldDescriptor field = find(descriptor, pseudo);
        if (field != null && message.hasField(field)) {
          row.put(pseudo, message.getField(field));
        }
      }
      return row;
    } catch (InvalidProtocolBufferException e) {
      throw ApiException.invalid(e.getMessage());
    }
  }

  private static Map<String, Object> struct(List<Field> fields, Message message) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (Field field : fields) {
      FieldDescriptor at = find(message.getDescriptorForType(), field.name());
      if (at == null) {
        row.put(field.name(), field.repeated() ? List.of() : null);
      } else if (field.repeated()) {
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < message.getRepeatedFieldCount(at); i++) {
          elements.add(value(field, message.getRepeatedField(at, i)));
        }
        row.put(field.name(), elements);
      } else {
        row.put(field.name(), message.hasField(at) ? value(field, message.getField(at)) : null);
      }
    }
    return row;
  }

  private static FieldDescriptor find(Descriptor descriptor, String name) {
    return descriptor.getFields().stream()
        .filter(f -> columnName(f).equalsIgnoreCase(name))
        .findFirst()
        .orElse(null);
  }

  /** A field's own name, or the one that it is annotated with. */
  private static String columnName(FieldDescriptor field) {
    return field.getOptions().hasExtension(AnnotationsProto.columnName)
        ? field.getOptions().getExtension(AnnotationsProto.columnName)
        : field.getName();
  }

  private static Object value(Field field, Object value) {
    return switch (field.type()) {
      case "STRUCT" -> struct(field.fields(), (Message) value);
      case "INT64" -> ((Number) value).longValue();
      case "FLOAT64" -> ((Number) value).doubleValue();
      case "NUMERIC" -> number(value, 9, 38);
      case "BIGNUMERIC" -> number(value, 38, 77);
      case "TIMESTAMP" -> value instanceof Long micros ? micros : JsonRows.micros((String) value);
      case "DATE" ->
          value instanceof Integer days ? LocalDate.ofEpochDay(days).toString() : value.toString();
      case "DATETIME" -> value instanceof Long packed ? datetime(packed) : value.toString();
      case "TIME" -> value instanceof Long packed ? time(packed) : value.toString();
      case "BYTES", "BOOL" -> value;
      default -> (String) value;
    };
  }

  private static BigDecimal number(Object value, int scale, int digits) {
    BigDecimal number;
    if (value instanceof ByteString bytes) {
      byte[] bigEndian = new byte[bytes.size()];
      for (int i = 0; i < bigEndian.length; i++) {
        bigEndian[i] = bytes.byteAt(bigEndian.length - 1 - i);
      }
      number = new BigDecimal(new BigInteger(bigEndian), scale);
    } else {
      number = new BigDecimal(value.toString());
    }
    if (number.unscaledValue().abs().toString().length() > digits) {
      throw ApiException.invalid("numeric overflow: " + number);
    }
    return JsonRows.plain(number);
  }

  private static String datetime(long packed) {
    long seconds = packed >> 20;
    return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
        LocalDateTime.of(
            LocalDate.of(
                (int) (seconds >> 26), (int) (seconds >> 22) & 0xF, (int) (seconds >> 17) & 0x1F),
            clock(packed)));
  }

  private static String time(long packed) {
    return DateTimeFormatter.ISO_LOCAL_TIME.format(clock(packed));
  }

  private static LocalTime clock(long packed) {
    long seconds = packed >> 20;
    return LocalTime.of(
        (int) (seconds >> 12) & 0x1F,
        (int) (seconds >> 6) & 0x3F,
        (int) seconds & 0x3F,
        (int) (packed & 0xFFFFF) * 1000);
  }
}
