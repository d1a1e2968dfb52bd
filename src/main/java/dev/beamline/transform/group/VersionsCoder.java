package dev.beamline.transform.group;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.Tuple;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.extensions.protobuf.ByteStringCoder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** Codes {@link Versions}. */
final class VersionsCoder extends CustomCoder<Object> {

  private static final long serialVersionUID = 1L;

  private final Coder<Object> plain;
  private final List<Coder<Tuple>> rows;

  /**
   * @param rows for each side the coder of its rows
   */
  VersionsCoder(Coder<Object> plain, List<Coder<Tuple>> rows) {
    this.plain = plain;
    this.rows = List.copyOf(rows);
  }

  @Override
  public void encode(Object value, OutputStream out) throws IOException {
    Versions versions = (Versions) value;
    plain.encode(versions.plain, out);
    VarInt.encode(versions.plainRows, out);
    VarInt.encode(versions.newest.size(), out);
    for (Map.Entry<ByteString, Versions.Version> entry : versions.newest.entrySet()) {
      ByteStringCoder.of().encode(entry.getKey(), out);
      Versions.Version version = entry.getValue();
      VarInt.encode(version.sequence(), out);
      out.write(version.side());
      VarInt.encode(version.rows().size(), out);
      for (Tuple row : version.rows()) {
        rows.get(version.side()).encode(row, out);
      }
    }
  }

  @Override
  public Object decode(InputStream in) throws IOException {
    Versions versions = new Versions(plain.decode(in));
    versions.plainRows = VarInt.decodeLong(in);
    int size = VarInt.decodeInt(in);
    for (int i = 0; i < size; i++) {
      ByteString identity = ByteStringCoder.of().decode(in);
      long sequence = VarInt.decodeLong(in);
      int side = in.read();
      int count = VarInt.decodeInt(in);
      List<Tuple> decoded = new ArrayList<>(count);
      for (int j = 0; j < count; j++) {
        decoded.add(rows.get(side).decode(in));
      }
      versions.newest.put(identity, new Versions.Version(sequence, side, decoded));
    }
    return versions;
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    List<Coder<?>> arguments = new ArrayList<>();
    arguments.add(plain);
    arguments.addAll(rows);
    return arguments;
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    throw new NonDeterministicException(this, "a map has no order");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VersionsCoder that
        && plain.equals(that.plain)
        && rows.equals(that.rows);
  }

  @Override
  public int hashCode() {
    return Objects.hash(plain, rows);
  }
}
