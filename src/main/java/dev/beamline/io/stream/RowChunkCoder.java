package dev.beamline.io.stream;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.ErrorRecordCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** Codes the chunks of one source. */
public final class RowChunkCoder extends CustomCoder<RowChunk> {

  private static final long serialVersionUID = 1L;

  private final TupleCoder rows;

  private RowChunkCoder(TupleCoder rows) {
    this.rows = rows;
  }

  public static RowChunkCoder of(Schema schema) {
    return new RowChunkCoder(TupleCoder.of(schema));
  }

  @Override
  public void encode(RowChunk value, OutputStream out) throws IOException {
    VarInt.encode(value.rows().size(), out);
    for (Tuple row : value.rows()) {
      rows.encode(row, out);
    }
    VarInt.encode(value.errors().size(), out);
    for (ErrorRecord error : value.errors()) {
      ErrorRecordCoder.of().encode(error, out);
    }
  }

  @Override
  public RowChunk decode(InputStream in) throws IOException {
    int count = VarInt.decodeInt(in);
    List<Tuple> decoded = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      decoded.add(rows.decode(in));
    }
    int bad = VarInt.decodeInt(in);
    List<ErrorRecord> errors = new ArrayList<>(bad);
    for (int i = 0; i < bad; i++) {
      errors.add(ErrorRecordCoder.of().decode(in));
    }
    return new RowChunk(decoded, errors);
  }

  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RowChunkCoder that && rows.equals(that.rows);
  }

  @Override
  public int hashCode() {
    return Objects.hash(RowChunkCoder.class, rows);
  }
}
