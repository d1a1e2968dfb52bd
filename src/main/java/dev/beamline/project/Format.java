package dev.beamline.project;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How records are written down. */
public enum Format {
  JSON,
  CSV,
  AVRO,
  PARQUET;

  private static final Map<String, Format> ENDINGS =
      Map.of(
          ".ndjson",
          JSON,
          ".jsonl",
          JSON,
          ".json",
          JSON,
          ".csv",
          CSV,
          ".avro",
          AVRO,
          ".parquet",
          PARQUET);

  /** By the ending of a file's name, before an ending of a compression such as {@code .gz}. */
  public static Optional<Format> ofPath(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    for (String compression : new String[] {".gz", ".zst", ".zstd", ".bz2"}) {
      if (name.endsWith(compression)) {
        name = name.substring(0, name.length() - compression.length());
        break;
      }
    }
    int dot = name.lastIndexOf('.');
    return dot < 0 ? Optional.empty() : Optional.ofNullable(ENDINGS.get(name.substring(dot)));
  }

  /** As in YAML. */
  public String yaml() {
    return name().toLowerCase(Locale.ROOT);
  }
}
