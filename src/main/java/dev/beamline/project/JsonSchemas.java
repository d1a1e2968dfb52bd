package dev.beamline.project;

import java.util.LinkedHashMap;
import java.util.Map;

/** JSON Schemas (draft 7) of the files that users write, made from what reads them. */
public final class JsonSchemas {

  private JsonSchemas() {}

  /** Of pipelines.yaml. */
  public static Map<String, Object> pipelines() {
    return root("pipelines.yaml of a Beamline project", PipelinesFile.SHAPE.schema());
  }

  /** Of files in tests/. */
  public static Map<String, Object> tests() {
    return root("Event-time tests of a Beamline project", TestShapes.SHAPE.schema());
  }

  private static Map<String, Object> root(String title, Map<String, Object> schema) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("$schema", "http://json-schema.org/draft-07/schema#");
    root.put("title", title);
    root.putAll(schema);
    return root;
  }
}
