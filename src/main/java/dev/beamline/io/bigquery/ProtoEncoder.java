package dev.beamline.io.bigquery;

import com.google.cloud.bigquery.storage.v1.AnnotationsProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.function.CivilText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rows as Storage Write takes them: messages whose fields are numbered as the columns are. Nothing
 * is rounded: decimals and times of day go as text, TIMESTAMP as microseconds, DATE as days.
 */
final class ProtoEncoder {

  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final List<Column> columns;

  ProtoEncoder(Schema schema) {
    this.columns = schema.columns();
  }

  /** What tells BigQuery the messages' fields. */
  DescriptorProto descriptor() {
    return message("Row", columns);
  }

  private static DescriptorProto message(String name, List<Column> columns) {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      boolean array = column.type() instanceof ArrayType;
      Type type = column.type() instanceof ArrayType of ? of.element() : column.type();
      FieldDescriptorProto.Builder field =
          FieldDescriptorProto.newBuilder()
              .setNumber(i + 1)
              .setLabel(array ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL);
      String columnName = BigQueryTypes.name(column, i);
      if (PLAIN_NAME.matcher(columnName).matches()) {
        field.setName(columnName);
      } else {
        field
            .setName("column_" + (i + 1))
            .setOptions(
                FieldOptions.newBuilder().setExtension(AnnotationsProto.columnName, columnName));
      }
      if (type instanceof StructType struct) {
        String nested = "Struct" + (i + 1);
        message.addNestedType(message(nested, struct.fields()));
        field.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName(nested);
      } else {
        field.setType(type((ScalarType) type));
      }
      message.addField(field);
    }
    return message.build();
  }

  private static FieldDescriptorProto.Type type(ScalarType type) {
    return switch (type) {
      case INT64, TIMESTAMP -> FieldDescriptorProto.Type.TYPE_INT64;
      case FLOAT64 -> FieldDescriptorProto.Type.TYPE_DOUBLE;
      case BOOL -> FieldDescriptorProto.Type.TYPE_BOOL;
      case DATE -> FieldDescriptorProto.Type.TYPE_INT32;
      case BYTES -> FieldDescriptorProto.Type.TYPE_BYTES;
      case STRING, NUMERIC, BIGNUMERIC, DATETIME, TIME, JSON, INTERVAL ->
          FieldDescriptorProto.Type.TYPE_STRING;
    };
  }

  /**
   * The row; what it has behind the schema's columns is left out.
   *
   * @throws IllegalArgumentException where an array holds NULL
   */
  ByteString row(Tuple row) {
    return encode(columns, row);
  }

  private static ByteString encode(List<Column> columns, Tuple row) {
    ByteString.Output bytes = ByteString.newOutput();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      for (int i = 0; i < columns.size(); i++) {
        Object value = row.get(i);
        if (value == null) {
          continue;
        }
        if (columns.get(i).type() instanceof ArrayType array) {
          for (@Nullable Object element : (List<?>) value) {
            if (element == null) {
              throw new IllegalArgumentException("an array in a table cannot hold NULL");
            }
            write(out, i + 1, array.element(), element);
          }
        } else {
          write(out, i + 1, columns.get(i).type(), value);
        }
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteString();
  }

  private static void write(CodedOutputStream out, int number, Type type, Object value)
      throws IOException {
    if (type instanceof StructType struct) {
      out.writeBytes(number, encode(struct.fields(), (Tuple) value));
      return;
    }
    switch ((ScalarType) type) {
      case INT64, TIMESTAMP -> out.writeInt64(number, (Long) value);
      case FLOAT64 -> out.writeDouble(number, (Double) value);
      case BOOL -> out.writeBool(number, (Boolean) value);
      case DATE -> out.writeInt32(number, Math.toIntExact((Long) value));
      case BYTES -> out.writeBytes(number, (ByteString) value);
      case NUMERIC, BIGNUMERIC -> out.writeString(number, ((BigDecimal) value).toPlainString());
      case DATETIME -> out.writeString(number, CivilText.formatDatetime((Long) value, 'T'));
      case TIME -> out.writeString(number, CivilText.formatTime((Long) value));
      case STRING, JSON, INTERVAL -> out.writeString(number, value.toString());
    }
  }
}
