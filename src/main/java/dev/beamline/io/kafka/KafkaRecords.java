package dev.beamline.io.kafka;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.format.BadRecord;
import dev.beamline.io.format.CsvOptions;
import dev.beamline.io.format.DecodeErrorCode;
import dev.beamline.io.format.DecodeException;
import dev.beamline.io.format.MessageDecoder;
import dev.beamline.io.format.RowShape;
import dev.beamline.transform.ErrorRecord;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Decodes records of a topic. One thread only. */
final class KafkaRecords {

  private static final byte[] NOTHING = {};

  private final String source;
  private final MessageDecoder decoder;
  private @Nullable ErrorRecord error;

  KafkaRecords(KafkaSource source, RowShape shape) {
    this.source = source.name();
    this.decoder = new MessageDecoder(source.format(), CsvOptions.DEFAULT, shape, source.texts());
  }

  /** The row, or null where {@link #error} says what is wrong. */
  @Nullable Tuple decode(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value() == null ? NOTHING : record.value();
    error = null;
    try {
      if (record.value() == null) {
        throw new DecodeException(
            DecodeErrorCode.MISSING_FIELD, "the record has no value (it is a tombstone)");
      }
      return decoder.decode(value, name -> text(record, name));
    } catch (DecodeException e) {
      BadRecord bad = MessageDecoder.bad(e, value);
      error =
          new ErrorRecord(
              source,
              bad.code(),
              bad.message(),
              bad.input(),
              bad.base64(),
              record.topic() + "/" + record.partition() + "@" + record.offset(),
              null);
      return null;
    }
  }

  ErrorRecord error() {
    if (error == null) {
      throw new IllegalStateException("the record is good");
    }
    return error;
  }

  private static @Nullable String text(ConsumerRecord<byte[], byte[]> record, String name) {
    if (name.equals(KafkaSource.KEY)) {
      return text(record.key());
    }
    Header header = record.headers().lastHeader(name);
    return header == null ? null : text(header.value());
  }

  /** As text; what is not UTF-8 has the sign for that in it. */
  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
