package dev.beamline.io.pubsub;

import dev.beamline.catalog.Schema;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.ErrorRecordCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import org.apache.beam.sdk.coders.CustomCoder;
import org.jspecify.annotations.Nullable;

/** Codes the messages of one source. */
final class PubsubRecordCoder extends CustomCoder<PubsubRecord> {

  private static final long serialVersionUID = 1L;

  private final TupleCoder rows;

  private PubsubRecordCoder(TupleCoder rows) {
    this.rows = rows;
  }

  static PubsubRecordCoder of(Schema schema) {
    return new PubsubRecordCoder(TupleCoder.of(schema));
  }

  @Override
  public void encode(PubsubRecord value, OutputStream out) throws IOException {
    if (value.row() != null) {
      out.write(1);
      rows.encode(value.row(), out);
    } else {
      out.write(0);
      ErrorRecordCoder.of().encode(Objects.requireNonNull(value.error()), out);
    }
  }

  @Override
  public PubsubRecord decode(InputStream in) throws IOException {
    return in.read() == 1
        ? new PubsubRecord(rows.decode(in), null)
        : new PubsubRecord(null, ErrorRecordCoder.of().decode(in));
  }

  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PubsubRecordCoder that && rows.equals(that.rows);
  }

  @Override
  public int hashCode() {
    return Objects.hash(PubsubRecordCoder.class, rows);
  }
}
