package dev.beamline.io.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.format.FileFormat;
import dev.beamline.transform.ErrorRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever is in a file, the bad goes to the errors, whole and with its reason, and the rest on.
 */
class BadFilesTest {

  private static final Schema SCHEMA =
      new Schema(
          List.of(
              new Column("id", ScalarType.STRING, true, null),
              Column.of("n", ScalarType.INT64),
              Column.of("price", ScalarType.NUMERIC),
              new Column("ts", ScalarType.TIMESTAMP, true, null)));

  private static final String GOOD = "{\"id\":\"good\",\"n\":1,\"ts\":\"2026-01-01T00:00:00Z\"}";

  @TempDir Path folder;

  private final List<ErrorRecord> errors = new ArrayList<>();

  private List<Tuple> read(String name, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    return FileRows.all(
        FilesSource.of("s", file.toString(), FileFormat.JSON, SCHEMA, "ts"), SCHEMA, errors::add);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** In single quotes what stands in double quotes there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "INVALID_JSON  | {'id':'a','ts':'2026-01-01T00:00:00Z'",
        "INVALID_JSON  | [1,2]",
        "INVALID_JSON  | {'id':'a','ts':'2026-01-01T00:00:00Z'} {}",
        "MISSING_FIELD | {'id':'a'}",
        "MISSING_FIELD | {'id':null,'ts':'2026-01-01T00:00:00Z'}",
        "WRONG_TYPE    | {'id':'a','n':'many','ts':'2026-01-01T00:00:00Z'}",
        "WRONG_TYPE    | {'id':{},'ts':'2026-01-01T00:00:00Z'}",
        "WRONG_TYPE    | {'id':'a','ts':'yesterday'}",
        "OUT_OF_RANGE  | {'id':'a','n':9223372036854775808,'ts':'2026-01-01T00:00:00Z'}",
        "OUT_OF_RANGE  | {'id':'a','price':1e30,'ts':'2026-01-01T00:00:00Z'}",
      })
  void aBadRecordIsKeptWholeWithItsReason(String code, String record) throws IOException {
    String line = record.replace('\'', '"');
    List<Tuple> rows = read("in.ndjson", utf8(GOOD + "\n" + line + "\n" + GOOD + "\n"));
    assertEquals(2, rows.size());
    assertEquals(1, errors.size());
    assertEquals(code, errors.get(0).code(), errors.get(0).message());
    assertEquals(line, errors.get(0).input());
    assertTrue(String.valueOf(errors.get(0).location()).endsWith(":2"), errors.toString());
  }

  @ParameterizedTest
  @CsvSource({"0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"})
  void theFirstAndLastTimestampsOfTheCalendarAreGood(String time) throws IOException {
    List<Tuple> rows =
        read("in.ndjson", utf8("{\"id\":\"a\",\"ts\":\"" + time + "\",\"more\":[1]}\n" + GOOD));
    assertEquals(2, rows.size());
    assertEquals(List.of(), errors);
  }

  @Test
  void bytesThatAreNotTextAreKeptInBase64() throws IOException {
    byte[] line = utf8("{\"id\":\"a?\",\"ts\":\"2026-01-01T00:00:00Z\"}\n" + GOOD);
    line[8] = (byte) 0xff;
    assertEquals(1, read("in.ndjson", line).size());
    assertEquals("INVALID_UTF8", errors.get(0).code());
    assertTrue(errors.get(0).base64());
  }

  @Test
  void aBombOfBracketsIsRefused() throws IOException {
    String bomb =
        "{\"id\":\"a\",\"ts\":\"2026-01-01T00:00:00Z\",\"x\":" + "[".repeat(100_000) + "\n" + GOOD;
    assertEquals(1, read("in.ndjson", utf8(bomb)).size());
    assertEquals("INVALID_JSON", errors.get(0).code());
  }

  @Test
  void aRecordOfTenMegabytesIsARecord() throws IOException {
    String big =
        "{\"id\":\""
            + "x".repeat(10 << 20)
            + "\",\"ts\":\"2026-01-01T00:00:00Z\"}\n{\"id\":\""
            + "y".repeat(10 << 20)
            + "\"}\n"
            + GOOD;
    assertEquals(2, read("in.ndjson", utf8(big)).size());
    assertEquals("MISSING_FIELD", errors.get(0).code());
    assertEquals((10 << 20) + 9, errors.get(0).input().length());
  }

  @Test
  void anEmptyFileHasNoRecords() throws IOException {
    assertEquals(List.of(), read("in.ndjson", new byte[0]));
    assertEquals(List.of(), errors);
  }

  @Test
  void whatATruncatedArchiveStillHasIsUsed() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (int i = 0; i < 20_000; i++) {
        gzip.write(utf8(GOOD.replace("good", "id" + i * 7919) + "\n"));
      }
    }
    byte[] cut = Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2);
    List<Tuple> rows = read("in.ndjson.gz", cut);
    assertTrue(rows.size() > 1000, rows.size() + " rows");
    assertTrue(
        errors.stream().anyMatch(error -> error.code().equals("TRUNCATED_FILE")),
        errors.toString());
  }
}
