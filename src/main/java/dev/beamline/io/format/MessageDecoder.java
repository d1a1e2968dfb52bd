package dev.beamline.io.format;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decodes messages of a stream: a payload, and columns that are read from named texts beside it,
 * such as attributes or headers. Keeps buffers: one thread only.
 */
public final class MessageDecoder {

  private static final Pattern MILLIS = Pattern.compile("-?\\d{1,15}");

  private final RecordDecoder payload;
  private final List<Column> columns;

  /** For each column the text it is read from; null: it is part of the payload. */
  private final @Nullable String[] texts;

  /** For each column of the payload its place in the row. */
  private final int[] places;

  /**
   * A decoder.
   *
   * @param texts columns' names to those of the texts they are read from
   */
  public MessageDecoder(
      FileFormat format, CsvOptions csv, RowShape shape, Map<String, String> texts) {
    Map<String, String> byColumn = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    byColumn.putAll(texts);
    this.columns = new ArrayList<>();
    this.texts = new @Nullable String[shape.read().size()];
    List<Column> read = new ArrayList<>();
    int[] found = new int[shape.read().size()];
    for (int i = 0; i < found.length; i++) {
      Column column = shape.read().column(i);
      columns.add(
          new Column(column.name(), column.type(), shape.required(i), column.description()));
      this.texts[i] = byColumn.get(column.name());
      if (this.texts[i] == null) {
        found[read.size()] = i;
        read.add(columns.get(i));
      }
    }
    this.places = java.util.Arrays.copyOf(found, read.size());
    List<Column> declared =
        shape.declared().columns().stream().filter(c -> !byColumn.containsKey(c.name())).toList();
    this.payload = decoder(format, csv, new RowShape(new Schema(read), new Schema(declared)));
  }

  private static RecordDecoder decoder(FileFormat format, CsvOptions csv, RowShape shape) {
    return switch (format) {
      case JSON -> new JsonDecoder(shape);
      case CSV -> new CsvDecoder(shape, csv, shape.declared().names());
      case AVRO -> new AvroDecoder(shape);
      case PARQUET -> throw new IllegalArgumentException("a message is no Parquet file");
    };
  }

  /**
   * The columns that are read.
   *
   * @param text the text of a name, null where the message has none
   * @throws DecodeException where the message does not keep its contract
   */
  public Tuple decode(byte[] bytes, Texts text) throws DecodeException {
    Tuple fields = payload.decode(bytes, 0, bytes.length);
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    for (int i = 0; i < places.length; i++) {
      values[places[i]] = fields.get(i);
    }
    for (int i = 0; i < values.length; i++) {
      String name = texts[i];
      if (name != null) {
        values[i] = value(columns.get(i), name, text.of(name));
      }
    }
    return Tuple.of(values);
  }

  /** What a message has beside its payload. */
  @FunctionalInterface
  public interface Texts {

    /** The text of that name; null: there is none. */
    @Nullable String of(String name) throws DecodeException;
  }

  private static @Nullable Object value(Column column, String name, @Nullable String text)
      throws DecodeException {
    if (text == null) {
      if (column.required()) {
        throw new DecodeException(
            DecodeErrorCode.MISSING_FIELD,
            "column " + column.name() + ": the message has no \"" + name.replace("\0", "") + "\"");
      }
      return null;
    }
    ScalarType type = (ScalarType) column.type();
    try {
      // As Beam reads a timestamp attribute: milliseconds since 1970, or a time.
      return type == ScalarType.TIMESTAMP && MILLIS.matcher(text).matches()
          ? Long.valueOf(Math.multiplyExact(Long.parseLong(text), 1000L))
          : BinaryValues.ofText(text, type);
    } catch (DecodeException e) {
      throw e.in(column.name());
    }
  }

  /** A message that could not be decoded. */
  public static BadRecord bad(DecodeException problem, byte[] bytes) {
    return BadRecord.of(problem, bytes, 0, bytes.length, 0, 0);
  }

  /** The name under which pipelines.yaml knows the format. */
  public static FileFormat format(String name) {
    return FileFormat.valueOf(name.toUpperCase(Locale.ROOT));
  }
}
