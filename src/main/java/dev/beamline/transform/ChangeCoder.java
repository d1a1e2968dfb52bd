package dev.beamline.transform;

import dev.beamline.catalog.Schema;
import dev.beamline.execution.row.TupleCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** Codes the changes of one query. */
public final class ChangeCoder extends CustomCoder<Change> {

  private static final long serialVersionUID = 1L;

  private final TupleCoder rows;

  private ChangeCoder(TupleCoder rows) {
    this.rows = rows;
  }

  /**
   * @param schema of the rows as the sink gets them, see {@link Panes#schema}
   */
  public static ChangeCoder of(Schema schema) {
    return new ChangeCoder(TupleCoder.of(schema));
  }

  @Override
  public void encode(Change value, OutputStream out) throws IOException {
    VarInt.encode((value.sequence() << 1) | (value.withdrawn() ? 1 : 0), out);
    rows.encode(value.row(), out);
  }

  @Override
  public Change decode(InputStream in) throws IOException {
    long head = VarInt.decodeLong(in);
    return new Change(rows.decode(in), (head & 1) == 1, head >>> 1);
  }

  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ChangeCoder that && rows.equals(that.rows);
  }

  @Override
  public int hashCode() {
    return Objects.hash(ChangeCoder.class, rows);
  }
}
