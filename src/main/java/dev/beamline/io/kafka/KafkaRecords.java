package dev.beamline.io.kafka;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.format.BadRecord;
import dev.beamline.io.format.CsvOptions;
import dev.beamline.io.format.DecodeErrorCode;
import dev.beamline.io.format.DecodeException;
import dev.beamline.io.format.MessageDecoder;
import dev.beamline.io.format.RowShape;
import dev.beamline.transform.ErrorRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
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

  private static @Nullable String text(ConsumerRecord<byte[], byte[]> record, String name)
      throws DecodeException {
    if (name.equals(KafkaSource.KEY)) {
      return text("key", record.key());
    }
    Header header = record.headers().lastHeader(name);
    return header == null ? null : text("header " + name, header.value());
  }

  /** As text. Signs in place of what is none would make one key of two. */
  private static @Nullable String text(String what, byte @Nullable [] bytes)
      throws DecodeException {
    if (bytes == null) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new DecodeException(
          DecodeErrorCode.INVALID_UTF8,
          "the " + what + " is not UTF-8: 0x" + HexFormat.of().formatHex(bytes));
    }
  }
}
