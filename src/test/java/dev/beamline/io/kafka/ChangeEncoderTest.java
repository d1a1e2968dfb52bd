package dev.beamline.io.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Place;
import dev.beamline.io.SinkTable;
import dev.beamline.io.format.FileFormat;
import dev.beamline.transform.Change;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChangeEncoderTest {

  private static final Schema TOTALS =
      Schema.of(
          Column.of("customer", ScalarType.STRING),
          Column.of("hour", ScalarType.INT64),
          Column.of("n", ScalarType.INT64));

  private static ChangeEncoder encoder(List<Integer> table, List<Integer> key, boolean deletes) {
    return new ChangeEncoder(
        new KafkaTarget(
            new SinkTable("totals", TOTALS, table, null),
            "nowhere:9092",
            "totals",
            FileFormat.JSON,
            key,
            deletes,
            false,
            Map.of(),
            Place.ofFile("pipelines.yaml")));
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "none" : new String(bytes, StandardCharsets.UTF_8);
  }

  private static String told(ChangeEncoder encoder, @Nullable String customer, boolean withdrawn)
      throws Exception {
    ProducerRecord<byte[], byte[]> record =
        encoder.record(new Change(Tuple.of(customer, 7L, 1L), withdrawn, 0));
    assertNotNull(record);
    assertEquals("totals", record.topic());
    return text(record.key()) + " " + text(record.value());
  }

  @Test
  void aTombstoneIsOfTheWholeKey() throws Exception {
    ChangeEncoder encoder = encoder(List.of(0, 1), List.of(0, 1), true);
    String key = "{\"customer\":\"ann\",\"hour\":7}";
    assertEquals(key + " {\"customer\":\"ann\",\"hour\":7,\"n\":1}", told(encoder, "ann", false));
    assertEquals(key + " none", told(encoder, "ann", true));
  }

  @Test
  void underACoarserKeyAWithdrawalDeletesNoOtherRow() throws Exception {
    ChangeEncoder encoder = encoder(List.of(0, 1), List.of(0), false);
    assertEquals("ann {\"customer\":\"ann\",\"hour\":7,\"n\":1}", told(encoder, "ann", false));
    assertNull(encoder.record(new Change(Tuple.of("ann", 6L, 5L), true, 1)));
  }

  @Test
  void aRowOfNullCanBeDeletedAndNoOtherWithIt() throws Exception {
    ChangeEncoder encoder = encoder(List.of(0), List.of(0), true);
    assertEquals(
        "{\"customer\":null} {\"customer\":null,\"hour\":7,\"n\":1}", told(encoder, null, false));
    assertEquals("{\"customer\":null} none", told(encoder, null, true));
    assertEquals("null none", told(encoder, "null", true));
    assertEquals(
        "{\"customer\":\"{\\\"customer\\\":null}\"} none",
        told(encoder, "{\"customer\":null}", true));
    assertEquals("{} none", told(encoder, "{}", true));
  }

  @Test
  void whatIsAppendedHasNoKeyOfNull() throws Exception {
    ChangeEncoder encoder = encoder(List.of(), List.of(0), false);
    assertEquals("none {\"customer\":null,\"hour\":7,\"n\":1}", told(encoder, null, false));
  }
}
