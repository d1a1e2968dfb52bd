package dev.beamline.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Type;
import dev.beamline.io.format.DecodeException;
import dev.beamline.io.format.JsonDecoder;
import dev.beamline.io.format.RowShape;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** Makes typed values of what stands in YAML, as the decoder of JSON does for a source. */
final class RowValues {

  private static final ObjectMapper JSON = new ObjectMapper();

  private RowValues() {}

  /**
   * The value in a column of a type.
   *
   * @param value as YAML gives it: text, number, truth value, list, map or null
   * @throws DecodeException where it is none of the type
   */
  static @Nullable Object of(Type type, @Nullable Object value) throws DecodeException {
    if (value == null) {
      return null;
    }
    Schema schema = Schema.of(Column.of("value", type));
    Object written = value instanceof Double number ? number.toString() : value;
    try {
      byte[] json =
          JSON.writeValueAsString(Collections.singletonMap("value", written))
              .getBytes(StandardCharsets.UTF_8);
      return new JsonDecoder(RowShape.all(schema)).decode(json, 0, json.length).get(0);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
