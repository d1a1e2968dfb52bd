package dev.beamline.execution.row;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Tuples of known types: a bitmap of the NULLs, then each value in its type's compact form.
 * Deterministic, so it also codes keys; FLOAT64 keys go through {@link Keys} first. Coders are
 * equal when their types and the version of the format are: columns' names are not in the bytes.
 */
public final class TupleCoder extends BlockCoder<Tuple> {

  private static final long serialVersionUID = 1L;

  /** Of the format. A change of the bytes takes a new number and keeps reading the old one. */
  private static final int VERSION = 1;

  private static final TypeDescriptor<Tuple> TUPLE = TypeDescriptor.of(Tuple.class);

  private final int version;
  private final List<Type> types;
  private final boolean json;
  private final transient ValueCodec.Structs codec;

  private TupleCoder(int version, List<Type> types) {
    if (version != VERSION) {
      throw new IllegalArgumentException("unknown version " + version + " of the row format");
    }
    this.version = version;
    this.types = List.copyOf(types);
    this.json = this.types.stream().anyMatch(TupleCoder::hasJson);
    this.codec =
        new ValueCodec.Structs(
            new StructType(this.types.stream().map(t -> Column.of("", t)).toList()));
  }

  public static TupleCoder of(Schema schema) {
    return of(schema.columns().stream().map(Column::type).toList());
  }

  public static TupleCoder of(List<Type> types) {
    return new TupleCoder(VERSION, types);
  }

  public List<Type> types() {
    return types;
  }

  @Override
  protected void write(Tuple value, ByteWriter out) {
    codec.write(value, out);
  }

  @Override
  protected Tuple read(ByteReader in) {
    return codec.read(in);
  }

  /** Not with JSON: two objects with their fields in another order are equal in Java. */
  @Override
  public boolean consistentWithEquals() {
    return !json;
  }

  @Override
  public Object structuralValue(Tuple value) {
    return json ? super.structuralValue(value) : value;
  }

  @Override
  public TypeDescriptor<Tuple> getEncodedTypeDescriptor() {
    return TUPLE;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TupleCoder that && version == that.version && types.equals(that.types);
  }

  @Override
  public int hashCode() {
    return 31 * types.hashCode() + version;
  }

  @Override
  public String toString() {
    return "TupleCoder(v" + version + ", " + types + ")";
  }

  private static boolean hasJson(Type type) {
    if (type instanceof ArrayType array) {
      return hasJson(array.element());
    }
    if (type instanceof StructType struct) {
      return struct.fields().stream().anyMatch(f -> hasJson(f.type()));
    }
    return type == ScalarType.JSON;
  }

  private Object writeReplace() {
    return new Form(version, List.copyOf(types));
  }

  /** What is serialized; the codecs are made again. */
  private record Form(int version, List<Type> types) implements Serializable {
    private Object readResolve() {
      return new TupleCoder(version, types);
    }
  }
}
