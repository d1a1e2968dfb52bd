package dev.beamline.io.bigquery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.services.bigquery.model.TableRow;

/** Rows as text, for people to read and to send again. */
final class TableRowText {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private TableRowText() {}

  static String json(TableRow row) {
    try {
      return MAPPER.writeValueAsString(row);
    } catch (JsonProcessingException e) {
      return row.toString();
    }
  }
}
