package dev.beamline.io.format;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.io.IOException;
import java.io.OutputStream;

/** NDJSON: an object a line, as BigQuery loads it without loss. */
final class JsonWriter implements RecordWriter {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Schema schema;
  private final JsonGenerator json;

  JsonWriter(Schema schema, OutputStream out) throws IOException {
    this.schema = schema;
    this.json =
        MAPPER
            .getFactory()
            .createGenerator(out, JsonEncoding.UTF8)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .setRootValueSeparator(null);
  }

  @Override
  public void write(Tuple row) throws IOException {
    ValueText.writeFields(json, schema.columns(), row, ValueText.Numbers.SAFE);
    json.writeRaw('\n');
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
