package dev.beamline.deploy.manifest;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A source of a manifest.
 *
 * @param type as in YAML
 * @param location subscription, topic, path or table
 * @param columns their types, by name
 * @param settings all else that says how it is read
 */
public record SourceManifest(
    String type, String location, Map<String, String> columns, Map<String, String> settings) {
  public SourceManifest {
    columns = Collections.unmodifiableMap(new TreeMap<>(columns));
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
  }
}
