package dev.beamline.io.format;

import static dev.beamline.io.format.DecodeErrorCode.WRONG_TYPE;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type.Repetition;
import org.jspecify.annotations.Nullable;

/** Builds rows from Parquet's columns, straight into the values of the declared types. */
final class ParquetConverters {

  private ParquetConverters() {}

  /** Takes a finished value. */
  interface Target {
    void set(Object value);
  }

  /** What is wrong with the current record: the first thing that was found. */
  static final class Failure {
    private @Nullable DecodeException found;

    void note(DecodeException e) {
      if (found == null) {
        found = e;
      }
    }

    @Nullable DecodeException take() {
      DecodeException e = found;
      found = null;
      return e;
    }
  }

  /** The file's field of a column, whatever its case; null where it has none. */
  static org.apache.parquet.schema.@Nullable Type field(GroupType group, String name) {
    for (org.apache.parquet.schema.Type field : group.getFields()) {
      if (field.getName().equalsIgnoreCase(name)) {
        return field;
      }
    }
    return null;
  }

  /** The part of the file's field that the type needs. */
  static org.apache.parquet.schema.Type project(org.apache.parquet.schema.Type field, Type type) {
    if (field.isPrimitive()) {
      return field;
    }
    GroupType group = field.asGroupType();
    if (type instanceof StructType struct) {
      List<org.apache.parquet.schema.Type> kept = new ArrayList<>();
      for (Column column : AvroSchemas.named(struct)) {
        org.apache.parquet.schema.Type inner = field(group, column.name());
        if (inner != null) {
          kept.add(project(inner, column.type()));
        }
      }
      // A group without fields cannot be asked for; whether it is NULL is known from any of them.
      return kept.isEmpty() ? group : group.withNewFields(kept);
    }
    return field;
  }

  static Converter of(
      org.apache.parquet.schema.Type field, Type type, Failure failure, Target target) {
    if (type instanceof ArrayType array) {
      return ofArray(field, array, failure, target);
    }
    if (type instanceof StructType struct && !field.isPrimitive()) {
      return new Rows(field.asGroupType(), AvroSchemas.named(struct), failure, target);
    }
    if (type instanceof ScalarType scalar && field.isPrimitive()) {
      return new Scalar(field.asPrimitiveType(), scalar, failure, target);
    }
    return Wrong.of(field, type, failure);
  }

  private static Converter ofArray(
      org.apache.parquet.schema.Type field, ArrayType type, Failure failure, Target target) {
    if (field.isPrimitive()
        || !(field.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation)) {
      return Wrong.of(field, type, failure);
    }
    return new Lists(field.asGroupType(), type, failure, target);
  }

  /** A group as a tuple. */
  static final class Rows extends GroupConverter {
    private final Converter[] converters;
    private final List<Column> columns;
    private final Target target;
    private @Nullable Object[] values;

    /**
     * @param group the requested part of the file's schema
     */
    Rows(GroupType group, List<Column> columns, Failure failure, Target target) {
      this.columns = columns;
      this.target = target;
      this.values = new @Nullable Object[columns.size()];
      this.converters = new Converter[group.getFieldCount()];
      for (int i = 0; i < converters.length; i++) {
        org.apache.parquet.schema.Type field = group.getType(i);
        int place = place(field.getName());
        converters[i] =
            place < 0
                ? Ignored.converter(field)
                : of(field, columns.get(place).type(), failure, value -> values[place] = value);
      }
    }

    private int place(String name) {
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).name().equalsIgnoreCase(name)) {
          return i;
        }
      }
      return -1;
    }

    @Override
    public Converter getConverter(int index) {
      return converters[index];
    }

    @Override
    public void start() {
      values = new @Nullable Object[columns.size()];
    }

    @Override
    public void end() {
      for (int i = 0; i < values.length; i++) {
        if (values[i] == null) {
          values[i] = JsonValues.whereAbsent(columns.get(i));
        }
      }
      target.set(Tuple.of(values));
    }
  }

  /** LIST, in its form of three levels, and in the older one of two. */
  private static final class Lists extends GroupConverter {
    private final Converter repeated;
    private final Target target;
    private List<Object> elements = new ArrayList<>();

    Lists(GroupType list, ArrayType type, Failure failure, Target target) {
      this.target = target;
      org.apache.parquet.schema.Type inner = list.getType(0);
      boolean threeLevels =
          !inner.isPrimitive()
              && inner.asGroupType().getFieldCount() == 1
              && !inner.getName().equals("array")
              && !inner.getName().equals(list.getName() + "_tuple");
      this.repeated =
          threeLevels
              ? new Element(inner.asGroupType(), type, failure)
              : of(inner, type.element(), failure, value -> elements.add(value));
    }

    @Override
    public Converter getConverter(int index) {
      return repeated;
    }

    @Override
    public void start() {
      elements = new ArrayList<>();
    }

    @Override
    public void end() {
      target.set(Collections.unmodifiableList(elements));
    }

    private final class Element extends GroupConverter {
      private final Converter element;
      private final Failure failure;
      private @Nullable Object value;

      Element(GroupType repeatedGroup, ArrayType type, Failure failure) {
        this.failure = failure;
        this.element =
            of(repeatedGroup.getType(0), type.element(), failure, found -> value = found);
      }

      @Override
      public Converter getConverter(int index) {
        return element;
      }

      @Override
      public void start() {
        value = null;
      }

      @Override
      public void end() {
        if (value == null) {
          failure.note(
              new DecodeException(
                  WRONG_TYPE,
                  "element " + elements.size() + " is null, which an array cannot hold"));
        } else {
          elements.add(value);
        }
      }
    }
  }

  /** A value without parts. A dictionary's values are converted once. */
  private static final class Scalar extends PrimitiveConverter {
    private final PrimitiveType field;
    private final ScalarType type;
    private final Failure failure;
    private final Target target;
    private final String name;
    private @Nullable Object[] dictionary = new @Nullable Object[0];

    Scalar(PrimitiveType field, ScalarType type, Failure failure, Target target) {
      this.field = field;
      this.type = type;
      this.failure = failure;
      this.target = target;
      this.name = field.getName();
    }

    private interface Conversion {
      Object get() throws DecodeException;
    }

    private void set(Conversion conversion) {
      try {
        target.set(conversion.get());
      } catch (DecodeException e) {
        failure.note(e.in(name));
      }
    }

    @Override
    public void addInt(int value) {
      set(() -> ParquetValues.ofInt(field, value, type));
    }

    @Override
    public void addLong(long value) {
      set(() -> ParquetValues.ofLong(field, value, type));
    }

    @Override
    public void addDouble(double value) {
      set(() -> BinaryValues.ofDouble(value, type));
    }

    @Override
    public void addFloat(float value) {
      set(() -> BinaryValues.ofDouble(value, type));
    }

    @Override
    public void addBoolean(boolean value) {
      set(() -> BinaryValues.ofBoolean(value, type));
    }

    @Override
    public void addBinary(Binary value) {
      set(() -> ParquetValues.ofBinary(field, value, type));
    }

    @Override
    public boolean hasDictionarySupport() {
      return field.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.BINARY;
    }

    @Override
    public void setDictionary(Dictionary values) {
      @Nullable Object[] converted = new @Nullable Object[values.getMaxId() + 1];
      for (int i = 0; i < converted.length; i++) {
        try {
          converted[i] = ParquetValues.ofBinary(field, values.decodeToBinary(i), type);
        } catch (DecodeException e) {
          converted[i] = e;
        }
      }
      dictionary = converted;
    }

    @Override
    public void addValueFromDictionary(int id) {
      Object value = dictionary[id];
      if (value instanceof DecodeException e) {
        failure.note(e.in(name));
      } else if (value != null) {
        target.set(value);
      }
    }
  }

  /** A field whose shape does not fit: NULL is taken, a value is not. */
  private static final class Wrong extends GroupConverter {
    private final org.apache.parquet.schema.Type field;
    private final Type type;
    private final Failure failure;

    Wrong(org.apache.parquet.schema.Type field, Type type, Failure failure) {
      this.field = field;
      this.type = type;
      this.failure = failure;
    }

    static Converter of(org.apache.parquet.schema.Type field, Type type, Failure failure) {
      return field.isPrimitive()
          ? new Ignored.Primitive(() -> failure.note(told(field, type)))
          : new Wrong(field, type, failure);
    }

    private static DecodeException told(org.apache.parquet.schema.Type field, Type type) {
      boolean repeated = field.getRepetition() == Repetition.REPEATED;
      return DecodeException.inColumn(
          field.getName(),
          WRONG_TYPE,
          "the file has "
              + (field.isPrimitive() ? "a single value" : "a group")
              + (repeated ? ", repeated," : "")
              + " that is not of type "
              + type.sql());
    }

    @Override
    public Converter getConverter(int index) {
      return Ignored.converter(field.asGroupType().getType(index));
    }

    @Override
    public void start() {
      failure.note(told(field, type));
    }

    @Override
    public void end() {
      // Nothing came of it.
    }
  }

  /** A field of which only the presence matters, or nothing. */
  static final class Ignored extends GroupConverter {
    private final org.apache.parquet.schema.Type field;

    Ignored(org.apache.parquet.schema.Type field) {
      this.field = field;
    }

    static Converter converter(org.apache.parquet.schema.Type field) {
      return field.isPrimitive() ? new Primitive(() -> {}) : new Ignored(field);
    }

    @Override
    public Converter getConverter(int index) {
      return converter(field.asGroupType().getType(index));
    }

    @Override
    public void start() {
      // Nobody reads it.
    }

    @Override
    public void end() {
      // Nobody reads it.
    }

    /** Tells that there is a value. */
    static final class Primitive extends PrimitiveConverter {
      private final Runnable seen;

      Primitive(Runnable seen) {
        this.seen = seen;
      }

      @Override
      public void addInt(int value) {
        seen.run();
      }

      @Override
      public void addLong(long value) {
        seen.run();
      }

      @Override
      public void addDouble(double value) {
        seen.run();
      }

      @Override
      public void addFloat(float value) {
        seen.run();
      }

      @Override
      public void addBoolean(boolean value) {
        seen.run();
      }

      @Override
      public void addBinary(Binary value) {
        seen.run();
      }
    }
  }
}
