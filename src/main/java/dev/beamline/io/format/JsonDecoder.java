package dev.beamline.io.format;

import static dev.beamline.io.format.DecodeErrorCode.INVALID_JSON;
import static dev.beamline.io.format.DecodeErrorCode.INVALID_UTF8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.Tuple;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes JSON objects straight into the columns that are read.
 *
 * <p>The rules are those of BigQuery's JSON loads: field names match in any case; INT64 comes from
 * a whole number or one in a string; NUMERIC from the digits as written; STRING also from a number
 * or a truth value; BYTES from base64; TIMESTAMP from text, never from a number; null is NULL in
 * every type, JSON too, but an array's is an empty array. Fields that are no columns are skipped. A
 * record must be one whole object: broken JSON after the last column refuses it all the same.
 *
 * <p>Most records are plain: those are decoded straight from their bytes, and all others, good and
 * bad, by a parser that knows everything.
 */
public final class JsonDecoder implements RecordDecoder {

  /** BigQuery's own limit for JSON values. */
  private static final int MAX_DEPTH = 500;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .build();

  /** Records between two looks at whether the quick way pays. */
  private static final int TRIAL = 1 << 10;

  private final JsonFields fields;
  private final @Nullable QuickFields quickFields;
  private final JsonCursor cursor = new JsonCursor();
  private int tried;
  private int unusual;
  private int untilNextTrial;

  public JsonDecoder(RowShape shape) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < shape.read().size(); i++) {
      Column column = shape.read().column(i);
      columns.add(
          new Column(column.name(), column.type(), shape.required(i), column.description()));
    }
    this.fields = new JsonFields(columns, shape.requiredOnly());
    this.quickFields = QuickFields.of(columns, shape.requiredOnly());
  }

  @Override
  public Tuple decode(byte[] bytes, int offset, int length) throws DecodeException {
    Tuple quick = quickly(bytes, offset, length);
    return quick == null ? thoroughly(bytes, offset, length) : quick;
  }

  /** Null where that takes a thorough look, be it only to say what is wrong. */
  private @Nullable Tuple quickly(byte[] bytes, int offset, int length) {
    QuickFields quick = quickFields;
    if (quick == null || (untilNextTrial > 0 && untilNextTrial-- > 0)) {
      return null;
    }
    if (++tried == TRIAL) {
      untilNextTrial = unusual > TRIAL / 2 ? TRIAL * 64 : 0;
      tried = 0;
      unusual = 0;
    }
    try {
      cursor.reset(bytes, offset, length);
      Tuple tuple = quick.read(cursor);
      cursor.expectEnd();
      if (cursor.allAscii() || Utf8.firstInvalid(bytes, offset, length) < 0) {
        return tuple;
      }
    } catch (UnusualRecordException | DecodeException e) {
      // Looked at again below.
    }
    unusual++;
    return null;
  }

  /** By a parser that knows all of JSON. */
  Tuple thoroughly(byte[] bytes, int offset, int length) throws DecodeException {
    int invalid = Utf8.firstInvalid(bytes, offset, length);
    if (invalid >= 0) {
      throw new DecodeException(
          INVALID_UTF8, "byte " + (invalid - offset + 1) + " of the record is not UTF-8");
    }
    try (JsonParser parser = FACTORY.createParser(bytes, offset, length)) {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        throw new DecodeException(
            INVALID_JSON,
            first == null ? "the record is empty" : "the record is not a JSON object");
      }
      Tuple tuple = fields.read(parser);
      if (parser.nextToken() != null) {
        throw new DecodeException(INVALID_JSON, "something follows the JSON object");
      }
      return tuple;
    } catch (JsonProcessingException e) {
      throw new DecodeException(INVALID_JSON, reason(e));
    } catch (IOException e) {
      throw new DecodeException(INVALID_JSON, String.valueOf(e.getMessage()));
    }
  }

  static String reason(JsonProcessingException e) {
    String message = String.valueOf(e.getOriginalMessage());
    if (message.contains("nesting depth") || message.contains("StreamReadConstraints")) {
      return message.contains("epth") ? "nested deeper than " + MAX_DEPTH + " levels" : message;
    }
    String first = message.split("\n", 2)[0];
    return e.getLocation() == null || e.getLocation().getColumnNr() <= 0
        ? first
        : first + " at character " + e.getLocation().getColumnNr();
  }
}
