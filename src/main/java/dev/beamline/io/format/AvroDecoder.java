package dev.beamline.io.format;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.Tuple;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Decodes messages in Avro. A container file brings its schema along. Else, with or without the
 * header of Avro's single-object encoding, a message is a record of the declared columns in their
 * order: required ones plain, others a union of null and the type, with BigQuery's logical types.
 */
final class AvroDecoder implements RecordDecoder {

  private static final byte[] CONTAINER = {'O', 'b', 'j', 1};
  private static final byte[] SINGLE_OBJECT = {(byte) 0xC3, 1};

  /** Two bytes of mark and eight of the schema's fingerprint. */
  private static final int SINGLE_OBJECT_HEADER = 10;

  private final List<Column> columns;
  private final List<String> requiredOnly;
  private final Schema declared;
  private final AvroValues.Fields fields;
  private @Nullable BinaryDecoder decoder;

  AvroDecoder(RowShape shape) {
    this.columns = new ArrayList<>();
    for (int i = 0; i < shape.read().size(); i++) {
      Column column = shape.read().column(i);
      columns.add(
          new Column(column.name(), column.type(), shape.required(i), column.description()));
    }
    this.requiredOnly = shape.requiredOnly();
    this.declared = schema(shape.declared().columns());
    this.fields = new AvroValues.Fields(declared, columns, requiredOnly);
  }

  /** The schema of messages that do not bring their own. */
  static Schema schema(List<Column> columns) {
    Schema nullable = AvroSchemas.record("Row", columns);
    List<Schema.Field> plain = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Schema.Field field = nullable.getFields().get(i);
      boolean required = columns.get(i).required() && !(columns.get(i).type() instanceof ArrayType);
      plain.add(
          new Schema.Field(
              field.name(),
              required ? field.schema().getTypes().get(1) : field.schema(),
              null,
              null));
    }
    return Schema.createRecord("Row", null, "beamline", false, plain);
  }

  @Override
  public Tuple decode(byte[] bytes, int offset, int length) throws DecodeException {
    try {
      if (startsWith(bytes, offset, length, CONTAINER)) {
        return container(Arrays.copyOfRange(bytes, offset, offset + length));
      }
      int header =
          startsWith(bytes, offset, length, SINGLE_OBJECT) && length >= SINGLE_OBJECT_HEADER
              ? SINGLE_OBJECT_HEADER
              : 0;
      decoder =
          DecoderFactory.get().binaryDecoder(bytes, offset + header, length - header, decoder);
      GenericRecord record = new GenericDatumReader<GenericRecord>(declared).read(null, decoder);
      if (!decoder.isEnd()) {
        throw new DecodeException(
            DecodeErrorCode.INVALID_AVRO, "something follows the record of the declared columns");
      }
      return fields.read(record);
    } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
      throw new DecodeException(
          DecodeErrorCode.INVALID_AVRO,
          "the message is no Avro record of the declared columns ("
              + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
              + ")");
    }
  }

  private Tuple container(byte[] bytes) throws IOException, DecodeException {
    try (DataFileReader<GenericRecord> file =
        new DataFileReader<>(new SeekableByteArrayInput(bytes), new GenericDatumReader<>())) {
      if (!file.hasNext()) {
        throw new DecodeException(DecodeErrorCode.INVALID_AVRO, "the message holds no record");
      }
      GenericRecord record = file.next();
      if (file.hasNext()) {
        throw new DecodeException(
            DecodeErrorCode.INVALID_AVRO, "the message holds more than one record");
      }
      return new AvroValues.Fields(file.getSchema(), columns, requiredOnly).read(record);
    }
  }

  private static boolean startsWith(byte[] bytes, int offset, int length, byte[] mark) {
    return length >= mark.length
        && Arrays.equals(bytes, offset, offset + mark.length, mark, 0, mark.length);
  }
}
