package dev.beamline.io.format;

import static dev.beamline.io.format.DecodeErrorCode.DUPLICATE_FIELD;
import static dev.beamline.io.format.DecodeErrorCode.INVALID_CSV;
import static dev.beamline.io.format.DecodeErrorCode.INVALID_JSON;
import static dev.beamline.io.format.DecodeErrorCode.INVALID_UTF8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decodes CSV records. Blanks around what is not STRING do not count. BOOL is also 1 and 0, yes and
 * no, y and n, t and f, as in BigQuery's loads; JSON, ARRAY and STRUCT are written as JSON. A
 * record has as many fields as the header.
 */
public final class CsvDecoder implements RecordDecoder {

  private static final int ABSENT = -1;

  private final CsvFields fields;
  private final byte[] nullBytes;
  private final RowShape shape;
  private final int width;

  /** For each column that is read, which field it is. */
  private final int[] places;

  private final QuickField[] quick;

  /** Fields that must not be NULL although nobody reads them, with their names. */
  private final int[] requiredPlaces;

  private final List<String> requiredOnly;
  private final @Nullable DecodeException wrongHeader;

  /**
   * @param header the names in the order of the fields
   */
  CsvDecoder(RowShape shape, CsvOptions options, List<String> header) {
    this.fields = new CsvFields(options.delimiter());
    this.nullBytes = options.nullText().getBytes(StandardCharsets.UTF_8);
    this.shape = shape;
    this.width = header.size();
    this.places = new int[shape.read().size()];
    this.quick = new QuickField[places.length];
    this.requiredOnly = shape.requiredOnly();
    this.requiredPlaces = new int[requiredOnly.size()];
    List<String> names = header.stream().map(n -> n.trim().toLowerCase(Locale.ROOT)).toList();
    String twice = null;
    for (int i = 0; i < places.length; i++) {
      String name = shape.read().name(i).toLowerCase(Locale.ROOT);
      places[i] = names.indexOf(name);
      quick[i] = new QuickField(shape.read().type(i));
      twice = places[i] == names.lastIndexOf(name) ? twice : name;
    }
    for (int i = 0; i < requiredPlaces.length; i++) {
      requiredPlaces[i] = names.indexOf(requiredOnly.get(i).toLowerCase(Locale.ROOT));
    }
    this.wrongHeader =
        twice == null
            ? null
            : new DecodeException(DUPLICATE_FIELD, "the header names column " + twice + " twice");
  }

  /** Records without a header: the fields are the declared columns, in order. */
  public static CsvDecoder ofDeclared(RowShape shape, CsvOptions options) {
    return new CsvDecoder(shape, options, shape.declared().names());
  }

  CsvFields fields() {
    return fields;
  }

  /** Whether a blank line of that length is a record: the NULL of a file of one column. */
  boolean takes(int blankLength) {
    return width == 1 && blankLength <= 1;
  }

  @Override
  public Tuple decode(byte[] bytes, int offset, int length) throws DecodeException {
    return switch (fields.cut(bytes, offset, length)) {
      case WHOLE -> decodeCut(bytes, offset, length);
      case OPEN -> throw new DecodeException(INVALID_CSV, "a quoted field does not end");
      case MALFORMED ->
          throw new DecodeException(
              INVALID_CSV, "text follows the closing quote of field " + fields.count());
    };
  }

  /** Decodes what {@link #fields} has already cut. */
  Tuple decodeCut(byte[] bytes, int offset, int length) throws DecodeException {
    if (wrongHeader != null) {
      throw wrongHeader;
    }
    int invalid = Utf8.firstInvalid(bytes, offset, length);
    if (invalid >= 0) {
      throw new DecodeException(
          INVALID_UTF8, "byte " + (invalid - offset + 1) + " of the record is not UTF-8");
    }
    if (fields.count() != width) {
      throw new DecodeException(
          INVALID_CSV, "the record has " + fields.count() + " fields, but the header " + width);
    }
    @Nullable Object[] values = new @Nullable Object[places.length];
    for (int i = 0; i < places.length; i++) {
      Column column = shape.read().column(i);
      int place = places[i];
      if (place == ABSENT || isNull(place)) {
        if (shape.required(i)) {
          throw JsonValues.missing(column.name(), place != ABSENT);
        }
        values[i] = JsonValues.whereAbsent(column);
      } else {
        try {
          values[i] = value(quick[i], column.type(), place, bytes);
        } catch (DecodeException e) {
          throw e.in(column.name());
        }
      }
    }
    for (int i = 0; i < requiredPlaces.length; i++) {
      if (requiredPlaces[i] == ABSENT || isNull(requiredPlaces[i])) {
        throw JsonValues.missing(requiredOnly.get(i), requiredPlaces[i] != ABSENT);
      }
    }
    return Tuple.of(values);
  }

  private boolean isNull(int place) {
    return !fields.isQuoted(place) && fields.is(place, nullBytes);
  }

  private Object value(QuickField quickly, Type type, int place, byte[] bytes)
      throws DecodeException {
    if (!fields.isPlain(place)) {
      return value(type, fields.text(place));
    }
    int start = fields.start(place);
    int length = fields.length(place);
    Object value = quickly.read(bytes, start, length);
    if (value == null) {
      value = value(type, fields.text(place));
      quickly.keep(bytes, start, length, value);
    }
    return value;
  }

  static Object value(Type type, String text) throws DecodeException {
    if (type == ScalarType.STRING) {
      return text;
    }
    if (!(type instanceof ScalarType scalar) || scalar == ScalarType.JSON) {
      return json(type, text);
    }
    String trimmed = text.strip();
    if (scalar == ScalarType.BOOL) {
      return switch (trimmed.toLowerCase(Locale.ROOT)) {
        case "1", "t", "true", "y", "yes" -> true;
        case "0", "f", "false", "n", "no" -> false;
        default -> throw TextValues.wrong(text, "a", "BOOL");
      };
    }
    return TextValues.parse(scalar, trimmed);
  }

  static Object json(Type type, String text) throws DecodeException {
    try (JsonParser parser = JsonDecoder.FACTORY.createParser(text)) {
      JsonToken token = parser.nextToken();
      if (token == null || (token == JsonToken.VALUE_NULL && type != ScalarType.JSON)) {
        throw TextValues.wrong(text, "a", type.sql());
      }
      Object value = JsonValues.of(type).read(parser, token);
      if (parser.nextToken() != null) {
        throw new DecodeException(INVALID_JSON, "something follows the JSON value");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new DecodeException(INVALID_JSON, JsonDecoder.reason(e));
    } catch (IOException e) {
      throw new DecodeException(INVALID_JSON, String.valueOf(e.getMessage()));
    }
  }
}
