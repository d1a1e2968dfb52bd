package dev.beamline.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.Top;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** What an engineer writes in Java: a parser for just the fields, and Beam's own combiners. */
final class HandWritten {

  private static final Duration HOUR = Duration.standardHours(1);

  private HandWritten() {}

  /** The fields of an event that the workloads need. */
  private static final class Event {
    String id;
    String user;
    String team;
    String type;
    String time;
    long score = Long.MIN_VALUE;
  }

  private interface Extract extends SerializableFunction<Event, KV<String, Long>> {}

  static PCollection<String> answer(String workload, PCollection<String> lines) {
    return switch (workload) {
      case "project" -> lines.apply("Filter", ParDo.of(new Project()));
      case "tumble" ->
          summed(lines, e -> score(e, e.team), FixedWindows.of(HOUR))
              .apply("Format", ParDo.of(new Format(false)));
      case "hop" ->
          summed(
                  lines,
                  e -> score(e, e.team),
                  SlidingWindows.of(HOUR).every(Duration.standardMinutes(1)))
              .apply("Format", ParDo.of(new Format(false)));
      case "distinct" ->
          parsed(lines, e -> KV.of(e.team + "\t" + e.user, 1L), FixedWindows.of(HOUR))
              .apply("Keys", ParDo.of(new Keys()))
              .apply("Distinct", Distinct.create())
              .apply("Split", ParDo.of(new Team()))
              .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
              .apply("Count", Sum.longsPerKey())
              .apply("Format", ParDo.of(new Format(false)));
      case "top5" ->
          summed(lines, e -> score(e, e.user), FixedWindows.of(HOUR))
              .apply("Top", Top.<KV<String, Long>, ByTotal>of(5, new ByTotal()).withoutDefaults())
              .apply("Each", ParDo.of(new Each()))
              .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
              .apply("Format", ParDo.of(new Format(false)));
      case "sessions" ->
          parsed(
                  lines,
                  e -> KV.of(e.user, 1L),
                  Sessions.withGapDuration(Duration.standardMinutes(30)))
              .apply("Count", Count.perKey())
              .apply("Format", ParDo.of(new Format(true)));
      default -> throw new IllegalArgumentException(workload);
    };
  }

  private static KV<String, Long> score(Event event, String key) {
    return event.score == Long.MIN_VALUE ? null : KV.of(key, event.score);
  }

  private static PCollection<KV<String, Long>> parsed(
      PCollection<String> lines, Extract extract, WindowFn<Object, ?> windows) {
    return lines
        .apply("Parse", ParDo.of(new Parse(extract)))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
        .apply("Window", Window.into(windows));
  }

  private static PCollection<KV<String, Long>> summed(
      PCollection<String> lines, Extract extract, WindowFn<Object, ?> windows) {
    return parsed(lines, extract, windows).apply("Sum", Sum.longsPerKey());
  }

  private static final JsonFactory JSON = new JsonFactory();

  private static Event event(String line) throws IOException {
    Event event = new Event();
    try (JsonParser in = JSON.createParser(line)) {
      in.nextToken();
      for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
        JsonToken token = in.nextToken();
        switch (name) {
          case "event_id" -> event.id = in.getText();
          case "event_time" -> event.time = in.getText();
          case "user_id" -> event.user = in.getText();
          case "team" -> event.team = in.getText();
          case "type" -> event.type = in.getText();
          case "score" -> {
            if (token == JsonToken.VALUE_NUMBER_INT) {
              event.score = in.getLongValue();
            }
          }
          default -> in.skipChildren();
        }
      }
    }
    return event;
  }

  private static final class Parse extends DoFn<String, KV<String, Long>> {
    private final Extract extract;

    Parse(Extract extract) {
      this.extract = extract;
    }

    @ProcessElement
    public void process(@Element String line, OutputReceiver<KV<String, Long>> out)
        throws IOException {
      Event event = event(line);
      KV<String, Long> value = extract.apply(event);
      if (value != null) {
        out.outputWithTimestamp(
            value, Instant.ofEpochMilli(java.time.Instant.parse(event.time).toEpochMilli()));
      }
    }

    @Override
    public Duration getAllowedTimestampSkew() {
      return Duration.standardDays(365_000);
    }
  }

  private static final class Project extends DoFn<String, String> {
    @ProcessElement
    public void process(@Element String line, OutputReceiver<String> out) throws IOException {
      Event event = event(line);
      if ("score".equals(event.type) && event.score > 8) {
        out.output(event.id + "," + event.user + "," + event.score);
      }
    }
  }

  private static final class Keys extends DoFn<KV<String, Long>, String> {
    @ProcessElement
    public void process(@Element KV<String, Long> pair, OutputReceiver<String> out) {
      out.output(pair.getKey());
    }
  }

  private static final class Team extends DoFn<String, KV<String, Long>> {
    @ProcessElement
    public void process(@Element String pair, OutputReceiver<KV<String, Long>> out) {
      out.output(KV.of(pair.substring(0, pair.indexOf('\t')), 1L));
    }
  }

  private static final class Each extends DoFn<List<KV<String, Long>>, KV<String, Long>> {
    @ProcessElement
    public void process(
        @Element List<KV<String, Long>> top, OutputReceiver<KV<String, Long>> out) {
      top.forEach(out::output);
    }
  }

  private static final class ByTotal implements Comparator<KV<String, Long>>, Serializable {
    @Override
    public int compare(KV<String, Long> a, KV<String, Long> b) {
      int byTotal = Long.compare(a.getValue(), b.getValue());
      return byTotal != 0 ? byTotal : b.getKey().compareTo(a.getKey());
    }
  }

  private static final class Format extends DoFn<KV<String, Long>, String> {
    private final boolean millis;

    Format(boolean millis) {
      this.millis = millis;
    }

    @ProcessElement
    public void process(
        @Element KV<String, Long> row, BoundedWindow window, OutputReceiver<String> out) {
      long start = ((IntervalWindow) window).start().getMillis();
      out.output(
          (millis ? start : start / 1000) + "," + row.getKey() + "," + row.getValue());
    }
  }
}
