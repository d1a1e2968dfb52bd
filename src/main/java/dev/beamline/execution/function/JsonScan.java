package dev.beamline.execution.function;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.beamline.execution.expression.EvaluationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a path in a JSON text without reading more of it than needed. Numbers keep the digits
 * they are written with, objects the order of their members. What is no JSON up to the place looked
 * for gives NULL.
 */
final class JsonScan {

  private final JsonParser parser;
  private final JsonPath path;

  private JsonScan(JsonParser parser, JsonPath path) {
    this.parser = parser;
    this.path = path;
  }

  /** Makes something of the value that the parser stands at. */
  private interface Maker<T> {
    @Nullable T make(JsonScan scan, JsonToken token) throws IOException;
  }

  private static <T> @Nullable T scan(String json, JsonPath path, Maker<T> maker) {
    try (JsonParser parser = JsonText.FACTORY.createParser(json)) {
      JsonScan scan = new JsonScan(parser, path);
      JsonToken token = parser.nextToken();
      return token != null && scan.find(token, 0) ? maker.make(scan, scan.token()) : null;
    } catch (StreamConstraintsException e) {
      throw new EvaluationException(
          "JSON parsing failed due to deeply nested array/struct or a number that is too long");
    } catch (IOException e) {
      return null;
    }
  }

  private JsonToken token() {
    return parser.currentToken();
  }

  /** The value as JSON; null where there is none or it is null. */
  static @Nullable String json(String json, JsonPath path) {
    return scan(json, path, (s, token) -> token == JsonToken.VALUE_NULL ? null : s.text(token));
  }

  /** The value as text; null where it is no scalar. */
  static @Nullable String scalar(String json, JsonPath path) {
    return scan(json, path, JsonScan::scalarText);
  }

  /** The elements of an array, as JSON. */
  static @Nullable List<@Nullable Object> jsonArray(String json, JsonPath path) {
    return scan(
        json,
        path,
        (s, token) -> {
          if (token != JsonToken.START_ARRAY) {
            return null;
          }
          List<@Nullable Object> elements = new ArrayList<>();
          for (JsonToken t = s.next(); t != JsonToken.END_ARRAY; t = s.next()) {
            elements.add(s.text(t));
          }
          return Collections.unmodifiableList(elements);
        });
  }

  /** The elements of an array of scalars, as text; null where one is no scalar. */
  static @Nullable List<@Nullable Object> scalarArray(String json, JsonPath path) {
    return scan(
        json,
        path,
        (s, token) -> {
          if (token != JsonToken.START_ARRAY) {
            return null;
          }
          List<@Nullable Object> elements = new ArrayList<>();
          for (JsonToken t = s.next(); t != JsonToken.END_ARRAY; t = s.next()) {
            if (t.isStructStart()) {
              return null;
            }
            elements.add(scalarText(s, t));
          }
          return Collections.unmodifiableList(elements);
        });
  }

  private JsonToken next() throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw new java.io.EOFException();
    }
    return token;
  }

  /** Moves to the first value that the path leads to; false where there is none. */
  private boolean find(JsonToken token, int done) throws IOException {
    if (done == path.steps().size()) {
      return true;
    }
    JsonPath.Step step = path.steps().get(done);
    if (token == JsonToken.START_OBJECT) {
      while (next() != JsonToken.END_OBJECT) {
        boolean wanted = parser.currentName().equals(step.key());
        JsonToken value = next();
        if (wanted) {
          if (find(value, done + 1)) {
            return true;
          }
        } else {
          parser.skipChildren();
        }
      }
    } else if (token == JsonToken.START_ARRAY) {
      OptionalInt index = step.index();
      int position = 0;
      for (JsonToken t = next(); t != JsonToken.END_ARRAY; t = next()) {
        if (index.isPresent() && index.getAsInt() == position) {
          if (find(t, done + 1)) {
            return true;
          }
        } else {
          parser.skipChildren();
        }
        position++;
      }
    }
    return false;
  }

  private static @Nullable String scalarText(JsonScan scan, JsonToken token) throws IOException {
    return token.isScalarValue() && token != JsonToken.VALUE_NULL ? scan.parser.getText() : null;
  }

  private String text(JsonToken token) throws IOException {
    StringBuilder out = new StringBuilder();
    append(token, out);
    return out.toString();
  }

  private void append(JsonToken token, StringBuilder out) throws IOException {
    switch (token) {
      case START_OBJECT -> {
        char separator = '{';
        while (next() != JsonToken.END_OBJECT) {
          out.append(separator).append(JsonText.quote(parser.currentName())).append(':');
          append(next(), out);
          separator = ',';
        }
        out.append(separator == '{' ? "{}" : "}");
      }
      case START_ARRAY -> {
        char separator = '[';
        for (JsonToken t = next(); t != JsonToken.END_ARRAY; t = next()) {
          append(t, out.append(separator));
          separator = ',';
        }
        out.append(separator == '[' ? "[]" : "]");
      }
      case VALUE_STRING -> out.append(JsonText.quote(parser.getText()));
      default -> out.append(parser.getText());
    }
  }
}
