package dev.beamline.io.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Place;
import dev.beamline.io.format.FileFormat;
import dev.beamline.io.format.RowShape;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class KafkaRecordsTest {

  private static final Schema COLUMNS =
      Schema.of(
          new Column("k", ScalarType.STRING, true, null),
          Column.of("h", ScalarType.INT64),
          Column.of("n", ScalarType.INT64));

  private static final byte[] VALUE = "{\"n\":7}".getBytes(StandardCharsets.UTF_8);

  private final KafkaRecords records =
      new KafkaRecords(
          new KafkaSource(
              "events",
              "nowhere:9092",
              "t",
              FileFormat.JSON,
              COLUMNS,
              "k",
              Map.of("h", "x-h"),
              null,
              false,
              null,
              Duration.ZERO,
              null,
              Map.of(),
              Place.ofFile("pipelines.yaml")),
          RowShape.ofScan(COLUMNS, -1, COLUMNS));

  private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] header) {
    ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("t", 0, 5, key, VALUE);
    if (header != null) {
      record.headers().add("x-h", header);
    }
    return record;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void keysAndHeadersAreColumns() {
    assertEquals(Tuple.of("größe", 12L, 7L), records.decode(record(utf8("größe"), utf8("12"))));
    assertEquals(Tuple.of("", null, 7L), records.decode(record(new byte[0], null)));
  }

  @Test
  void whatIsNoTextIsRefusedWhole() {
    assertNull(records.decode(record(new byte[] {(byte) 0xff, 1}, null)));
    assertEquals("INVALID_UTF8", records.error().code());
    assertEquals("the key is not UTF-8: 0xff01", records.error().message());
    assertEquals("{\"n\":7}", records.error().input());
    assertEquals("t/0@5", records.error().location());
    assertNull(records.decode(record(utf8("k"), new byte[] {(byte) 0xc3})));
    assertEquals("the header x-h is not UTF-8: 0xc3", records.error().message());
  }

  @Test
  void whatIsMissingOrOfAnotherTypeIsSaid() {
    assertNull(records.decode(record(null, null)));
    assertEquals("column k: the message has no \"key\"", records.error().message());
    assertNull(records.decode(record(utf8("k"), utf8("twelve"))));
    assertEquals("WRONG_TYPE", records.error().code());
  }
}
