package dev.beamline.io.pubsub;

import com.google.pubsub.v1.PubsubMessage;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.format.BadRecord;
import dev.beamline.io.format.CsvOptions;
import dev.beamline.io.format.DecodeException;
import dev.beamline.io.format.MessageDecoder;
import dev.beamline.io.format.RowShape;
import dev.beamline.io.record.DecodedRecord;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.window.EventTimes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.IncomingMessage;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.SubscriptionPath;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Pulls messages and decodes them; acknowledges what checkpoints have made durable. */
final class PubsubReader extends UnboundedReader<DecodedRecord> {

  private static final int PULL_MESSAGES = 1000;

  /** How long to leave a subscription alone that had nothing. */
  private static final long REST_NANOS = 100_000_000L;

  /** Fewer than these are all there was; a service that has more brings as many as it likes. */
  private static final int FEW_MESSAGES = 100;

  /** Flink's runner asks a reader that has nothing ever more often, a thousand times a second. */
  private static final long MOMENT_NANOS = 5_000_000L;

  /**
   * How long what comes is left to gather once a pull brought all there was. A runner that finishes
   * bundles by the clock needs a moment without a message to send the watermark on.
   */
  private static final long GATHER_NANOS = 20_000_000L;

  private static final int SHORTEST_LEASE_SECONDS = 10;
  private static final int LONGEST_LEASE_SECONDS = 60;

  private final PubsubStream source;
  private final PubsubSettings settings;
  private final int eventTime;
  private final PubsubClient client;
  private final LongSupplier nanos;
  private final SubscriptionPath subscription;
  private final MessageDecoder decoder;
  private final Leases leases;
  private final Settling settling;
  private final Deque<IncomingMessage> pulled = new ArrayDeque<>();
  private List<String> taken = new ArrayList<>();
  private @Nullable DecodedRecord current;
  private Instant timestamp = BoundedWindow.TIMESTAMP_MIN_VALUE;
  private byte[] id = new byte[0];
  private long newestMillis = Long.MIN_VALUE;
  private Instant watermark = BoundedWindow.TIMESTAMP_MIN_VALUE;
  private long lastMessage;
  private long pulledAt;
  private long rest;

  PubsubReader(
      PubsubStream source,
      PubsubSettings settings,
      Schema read,
      int eventTime,
      PubsubClient client,
      LongSupplier nanos,
      @Nullable PubsubMark mark)
      throws IOException {
    this.source = source;
    this.settings = settings;
    this.eventTime = eventTime;
    this.client = client;
    this.nanos = nanos;
    this.lastMessage = nanos.getAsLong();
    this.subscription =
        PubsubClient.subscriptionPathFromPath(Objects.requireNonNull(settings.subscription()));
    this.decoder =
        new MessageDecoder(
            settings.format(),
            CsvOptions.DEFAULT,
            RowShape.ofScan(read, eventTime, settings.columns()),
            settings.attributes());
    int seconds = client.ackDeadlineSeconds(subscription);
    this.leases =
        new Leases(
            client,
            subscription,
            Math.max(SHORTEST_LEASE_SECONDS, Math.min(seconds, LONGEST_LEASE_SECONDS)));
    // Of a subscription that was made for this reader nobody has held anything.
    boolean first = settings.topic() != null && mark == null;
    this.settling =
        new Settling(
            nanos.getAsLong(), first ? 0 : Math.max(leases.nanos(), seconds * 1_000_000_000L));
    if (mark != null) {
      // The checkpoint that had them is durable: this reader goes on from it.
      leases.acknowledge(mark.ackIds());
      // The runner's watermark does not go back: what comes now must not be behind it either.
      newestMillis = mark.newestMillis();
      watermark = mark.watermark();
    }
  }

  @Override
  public boolean start() throws IOException {
    return advance();
  }

  @Override
  public boolean advance() throws IOException {
    leases.keep();
    current = null;
    if (pulled.isEmpty() && !pull()) {
      return false;
    }
    IncomingMessage message = pulled.remove();
    lastMessage = nanos.getAsLong();
    taken.add(message.ackId());
    take(message);
    return true;
  }

  private boolean pull() throws IOException {
    long now = nanos.getAsLong();
    if (now - pulledAt < rest) {
      LockSupport.parkNanos(MOMENT_NANOS);
      return false;
    }
    List<IncomingMessage> messages =
        client.pull(System.currentTimeMillis(), subscription, PULL_MESSAGES, true);
    pulledAt = nanos.getAsLong();
    rest = messages.isEmpty() ? REST_NANOS : messages.size() < FEW_MESSAGES ? GATHER_NANOS : 0;
    settling.pulled(now, messages.size());
    for (IncomingMessage message : messages) {
      leases.add(message.ackId());
      pulled.add(message);
    }
    return !messages.isEmpty();
  }

  private void take(IncomingMessage incoming) {
    PubsubMessage message = incoming.message();
    // The service's own id of the message.
    String unique = incoming.recordId();
    if (settings.idAttribute() != null) {
      unique = message.getAttributesMap().getOrDefault(settings.idAttribute(), unique);
    }
    id = unique.getBytes(StandardCharsets.UTF_8);
    byte[] payload = message.getData().toByteArray();
    Map<String, String> attributes = message.getAttributesMap();
    try {
      Tuple row = decoder.decode(payload, attributes::get);
      long millis =
          eventTime >= 0 && row.get(eventTime) instanceof Long micros
              ? Math.floorDiv(micros, 1000L)
              : message.getPublishTime().getSeconds() * 1000;
      millis = EventTimes.clamp(millis);
      newestMillis = Math.max(newestMillis, millis);
      // Not behind the watermark: a runner need not wait for what is.
      timestamp = Instant.ofEpochMilli(Math.max(millis, watermark.getMillis()));
      current = new DecodedRecord(row, null);
    } catch (DecodeException e) {
      BadRecord bad = MessageDecoder.bad(e, payload);
      timestamp = watermark;
      current =
          new DecodedRecord(
              null,
              new ErrorRecord(
                  settings.name(),
                  bad.code(),
                  bad.message(),
                  bad.input(),
                  bad.base64(),
                  settings.origin()
                      + " message "
                      + incoming.recordId()
                      + (attributes.isEmpty() ? "" : " " + new TreeMap<>(attributes)),
                  null));
    }
  }

  @Override
  public DecodedRecord getCurrent() {
    if (current == null) {
      throw new NoSuchElementException();
    }
    return current;
  }

  @Override
  public Instant getCurrentTimestamp() {
    if (current == null) {
      throw new NoSuchElementException();
    }
    return timestamp;
  }

  @Override
  public byte[] getCurrentRecordId() {
    return id;
  }

  /**
   * The newest event time less the disorder that is allowed for. The clock bounds it, so that one
   * phone with a wrong clock does not make all others late. It stands still while messages may come
   * again that a reader before this one held.
   */
  @Override
  public Instant getWatermark() {
    if (!settling.over(nanos.getAsLong())) {
      return watermark;
    }
    long clock = System.currentTimeMillis();
    long newest = newestMillis;
    if (settings.idleTimeout() != null && pulled.isEmpty()) {
      long idle = nanos.getAsLong() - lastMessage;
      if (idle > settings.idleTimeout().toNanos()) {
        newest = Math.max(newest, clock - settings.idleTimeout().toMillis());
      }
    }
    if (newest != Long.MIN_VALUE) {
      Instant to =
          Instant.ofEpochMilli(
              EventTimes.clamp(Math.min(newest, clock) - settings.maxOutOfOrderness().toMillis()));
      if (to.isAfter(watermark)) {
        watermark = to;
      }
    }
    return watermark;
  }

  @Override
  public CheckpointMark getCheckpointMark() {
    PubsubMark mark = new PubsubMark(taken, newestMillis, getWatermark(), leases);
    taken = new ArrayList<>();
    return mark;
  }

  @Override
  public PubsubStream getCurrentSource() {
    return source;
  }

  /** What was pulled and not read is others' to have at once. */
  @Override
  public void close() throws IOException {
    leases.giveBack(pulled.stream().map(IncomingMessage::ackId).toList());
    pulled.clear();
  }
}
