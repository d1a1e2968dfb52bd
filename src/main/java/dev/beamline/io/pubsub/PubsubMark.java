package dev.beamline.io.pubsub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a checkpoint has taken in, which may be acknowledged once it is durable, and
 * how far the reader was.
 */
final class PubsubMark implements CheckpointMark {

  private final List<String> ackIds;
  private final long newestMillis;
  private final Instant watermark;
  private final @Nullable Leases leases;

  /**
   * A mark.
   *
   * @param newestMillis newest event time that was seen; {@link Long#MIN_VALUE}: none
   * @param watermark what the reader has said of its progress
   * @param leases null: it comes from a checkpoint, which is durable
   */
  PubsubMark(List<String> ackIds, long newestMillis, Instant watermark, @Nullable Leases leases) {
    this.ackIds = List.copyOf(ackIds);
    this.newestMillis = newestMillis;
    this.watermark = watermark;
    this.leases = leases;
  }

  long newestMillis() {
    return newestMillis;
  }

  Instant watermark() {
    return watermark;
  }

  List<String> ackIds() {
    return ackIds;
  }

  @Override
  public void finalizeCheckpoint() throws IOException {
    if (leases != null) {
      leases.acknowledge(ackIds);
    }
  }

  /** Codes marks. */
  static final class MarkCoder extends CustomCoder<PubsubMark> {
    private static final long serialVersionUID = 1L;

    private static final Coder<List<String>> IDS = ListCoder.of(StringUtf8Coder.of());
    private static final Coder<Long> LONG = BigEndianLongCoder.of();

    @Override
    public void encode(PubsubMark value, OutputStream out) throws IOException {
      IDS.encode(value.ackIds, out);
      LONG.encode(value.newestMillis, out);
      LONG.encode(value.watermark.getMillis(), out);
    }

    @Override
    public PubsubMark decode(InputStream in) throws IOException {
      return new PubsubMark(
          IDS.decode(in), LONG.decode(in), Instant.ofEpochMilli(LONG.decode(in)), null);
    }
  }
}
