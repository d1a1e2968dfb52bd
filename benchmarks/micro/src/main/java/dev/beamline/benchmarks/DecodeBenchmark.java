package dev.beamline.benchmarks;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.io.format.DecodeException;
import dev.beamline.io.format.JsonDecoder;
import dev.beamline.io.format.RowShape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a record costs to decode, and a row to code. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class DecodeBenchmark {

  private static final byte[] PLAIN =
      ("{\"event_id\":\"elfls\",\"event_time\":\"2026-01-05T00:01:11.643Z\",\"user_id\":\"happy_heron_13\","
              + "\"team\":\"blue\",\"type\":\"score\",\"score\":7,\"device\":{\"os\":\"ios\",\"version\":\"4.0.7\"}}")
          .getBytes(StandardCharsets.UTF_8);

  /** The same with an escape, which the quick way leaves to the thorough one. */
  private static final byte[] ESCAPED =
      new String(PLAIN, StandardCharsets.UTF_8)
          .replace("blue", "bl\\u0075e")
          .getBytes(StandardCharsets.UTF_8);

  private final Schema all =
      Schema.of(
          Column.of("event_id", ScalarType.STRING),
          Column.of("event_time", ScalarType.TIMESTAMP),
          Column.of("user_id", ScalarType.STRING),
          Column.of("team", ScalarType.STRING),
          Column.of("type", ScalarType.STRING),
          Column.of("score", ScalarType.INT64));
  private final Schema three =
      Schema.of(
          Column.of("event_time", ScalarType.TIMESTAMP),
          Column.of("team", ScalarType.STRING),
          Column.of("score", ScalarType.INT64));
  private final JsonDecoder ofAll = new JsonDecoder(new RowShape(all, all));
  private final JsonDecoder ofThree = new JsonDecoder(new RowShape(three, all));
  private final JsonDecoder ofEscaped = new JsonDecoder(new RowShape(three, all));
  private final TupleCoder coder = TupleCoder.of(all);
  private final Tuple row =
      Tuple.of("elfls", 1_767_571_271_643_000L, "happy_heron_13", "blue", "score", 7L);

  @Benchmark
  public Tuple decodeThreeColumns() throws DecodeException {
    return ofThree.decode(PLAIN, 0, PLAIN.length);
  }

  @Benchmark
  public Tuple decodeSixColumns() throws DecodeException {
    return ofAll.decode(PLAIN, 0, PLAIN.length);
  }

  @Benchmark
  public Tuple decodeThoroughly() throws DecodeException {
    return ofEscaped.decode(ESCAPED, 0, ESCAPED.length);
  }

  @Benchmark
  public Tuple codeRow() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    coder.encode(row, out);
    return coder.decode(new ByteArrayInputStream(out.toByteArray()));
  }
}
