package dev.beamline.io.pubsub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.jspecify.annotations.Nullable;

/** The messages that a checkpoint has taken in, which may be acknowledged once it is durable. */
final class PubsubMark implements CheckpointMark {

  private final List<String> ackIds;
  private final @Nullable Leases leases;

  /**
   * A mark.
   *
   * @param leases null: it comes from a checkpoint, which is durable
   */
  PubsubMark(List<String> ackIds, @Nullable Leases leases) {
    this.ackIds = List.copyOf(ackIds);
    this.leases = leases;
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

    @Override
    public void encode(PubsubMark value, OutputStream out) throws IOException {
      IDS.encode(value.ackIds, out);
    }

    @Override
    public PubsubMark decode(InputStream in) throws IOException {
      return new PubsubMark(IDS.decode(in), null);
    }
  }
}
