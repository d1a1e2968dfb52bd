package dev.beamline.project;

import dev.beamline.diagnostic.Place;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The value of a query's parameter.
 *
 * @param name as written
 * @param type as written; null: it follows from the value (text STRING, whole number INT64, other
 *     number FLOAT64, true and false BOOL)
 * @param value in the form that {@link YamlNode#value()} gives
 */
public record ParameterValue(
    String name, @Nullable Located<String> type, @Nullable Object value, Place place)
    implements Serializable {

  /** The value that a text without quotes has in YAML: a number, true, false, null or the text. */
  public static @Nullable Object parse(String text) {
    return new YamlNode.YamlScalar(text, true, false, false, Place.ofFile("")).value();
  }
}
