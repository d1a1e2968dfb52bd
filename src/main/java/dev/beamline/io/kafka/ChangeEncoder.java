package dev.beamline.io.kafka;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.format.AvroRecords;
import dev.beamline.io.format.FileFormat;
import dev.beamline.io.format.ValueText;
import dev.beamline.transform.Change;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes as records. A key of one column is its text; one of several is a JSON object.
 * Where rows are upserted NULL has a key, too: the JSON object of the one column. A value is a JSON
 * object, or a plain Avro record of all columns as nullable unions.
 */
final class ChangeEncoder {

  private final KafkaTarget target;
  private final Schema schema;
  private final org.apache.avro.@Nullable Schema avro;

  ChangeEncoder(KafkaTarget target) {
    this.target = target;
    this.schema = target.table().schema();
    this.avro = target.format() == FileFormat.AVRO ? AvroRecords.schema(schema) : null;
  }

  /** The record of a change; null: it is not told. */
  @Nullable ProducerRecord<byte[], byte[]> record(Change change) throws IOException {
    if (change.withdrawn() && !target.deletes()) {
      return null;
    }
    return new ProducerRecord<>(
        target.topic(), key(change.row()), change.withdrawn() ? null : value(change.row()));
  }

  private byte @Nullable [] key(Tuple row) {
    List<Integer> key = target.key();
    if (key.isEmpty()) {
      return null;
    }
    if (key.size() > 1) {
      return object(row);
    }
    int column = key.get(0);
    Object value = row.get(column);
    if (!target.table().upserts()) {
      return value == null ? null : bytes(ValueText.text(schema.type(column), value));
    }
    if (value == null) {
      return object(row);
    }
    // A text that begins like the object is written as one: no two values have the same key.
    String text = ValueText.text(schema.type(column), value);
    return text.startsWith("{\"" + schema.name(column) + "\":") ? object(row) : bytes(text);
  }

  private byte[] object(Tuple row) {
    List<Column> columns = new ArrayList<>();
    @Nullable Object[] values = new @Nullable Object[target.key().size()];
    for (int i = 0; i < values.length; i++) {
      columns.add(schema.column(target.key().get(i)));
      values[i] = row.get(target.key().get(i));
    }
    return bytes(
        ValueText.jsonObject(new Schema(columns), Tuple.of(values), ValueText.Numbers.EXACT));
  }

  private byte[] value(Tuple row) throws IOException {
    if (avro == null) {
      return bytes(ValueText.jsonObject(schema, row, ValueText.Numbers.EXACT));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(avro)
        .write(AvroRecords.record(avro, schema, row), encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
