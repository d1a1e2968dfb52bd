package dev.beamline.transform.group;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.Panes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.extensions.protobuf.ByteStringCoder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** Codes {@link PaneRows}. */
public final class PaneRowsCoder extends CustomCoder<PaneRows> {

  private static final long serialVersionUID = 1L;

  private final Coder<List<Tuple>> rows;

  private PaneRowsCoder(Coder<List<Tuple>> rows) {
    this.rows = rows;
  }

  public static PaneRowsCoder of(Schema schema) {
    return new PaneRowsCoder(ListCoder.of(TupleCoder.of(schema)));
  }

  @Override
  public void encode(PaneRows value, OutputStream out) throws IOException {
    ByteStringCoder.of().encode(value.identity(), out);
    out.write(code(value.timing()));
    VarInt.encode(value.index(), out);
    VarInt.encode(value.sequence(), out);
    Longs.write(value.eventTimeMicros(), out);
    Longs.write(value.timestamp(), out);
    rows.encode(value.rows(), out);
    rows.encode(value.previous(), out);
  }

  @Override
  public PaneRows decode(InputStream in) throws IOException {
    ByteString identity = ByteStringCoder.of().decode(in);
    Panes.Timing timing = timing(in.read());
    return new PaneRows(
        identity,
        timing,
        VarInt.decodeLong(in),
        VarInt.decodeLong(in),
        Longs.read(in),
        Longs.read(in),
        rows.decode(in),
        rows.decode(in));
  }

  private static int code(Panes.Timing timing) {
    return switch (timing) {
      case EARLY -> 0;
      case ON_TIME -> 1;
      case LATE -> 2;
    };
  }

  private static Panes.Timing timing(int code) throws IOException {
    return switch (code) {
      case 0 -> Panes.Timing.EARLY;
      case 1 -> Panes.Timing.ON_TIME;
      case 2 -> Panes.Timing.LATE;
      default -> throw new CoderException("no timing of a pane: " + code);
    };
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    throw new NonDeterministicException(this, "rows are in the order in which they came");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PaneRowsCoder that && rows.equals(that.rows);
  }

  @Override
  public int hashCode() {
    return Objects.hash(PaneRowsCoder.class, rows);
  }
}
