package dev.beamline.io.record;

import dev.beamline.catalog.Schema;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.ErrorRecordCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import org.apache.beam.sdk.coders.CustomCoder;
import org.jspecify.annotations.Nullable;

/** Codes the records of one source. */
public final class DecodedRecordCoder extends CustomCoder<DecodedRecord> {

  private static final long serialVersionUID = 1L;

  private final TupleCoder rows;

  private DecodedRecordCoder(TupleCoder rows) {
    this.rows = rows;
  }

  public static DecodedRecordCoder of(Schema schema) {
    return new DecodedRecordCoder(TupleCoder.of(schema));
  }

  @Override
  public void encode(DecodedRecord value, OutputStream out) throws IOException {
    if (value.row() != null) {
      out.write(1);
      rows.encode(value.row(), out);
    } else {
      out.write(0);
      ErrorRecordCoder.of().encode(Objects.requireNonNull(value.error()), out);
    }
  }

  @Override
  public DecodedRecord decode(InputStream in) throws IOException {
    return in.read() == 1
        ? new DecodedRecord(rows.decode(in), null)
        : new DecodedRecord(null, ErrorRecordCoder.of().decode(in));
  }

  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DecodedRecordCoder that && rows.equals(that.rows);
  }

  @Override
  public int hashCode() {
    return Objects.hash(DecodedRecordCoder.class, rows);
  }
}
