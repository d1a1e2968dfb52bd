package dev.beamline.project;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a YAML value may be. One declaration reads the value, checks it, and describes itself to
 * editors as JSON Schema, so that the three cannot drift apart.
 */
interface Shape<T> {

  /** The value; null where it is not of this shape, which was reported. */
  @Nullable T read(YamlNode node, Reading reading);

  /** A new JSON Schema (draft 7) of it. */
  Map<String, Object> schema();
}
