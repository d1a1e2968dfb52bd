package dev.beamline.io.files;

import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.Place;
import dev.beamline.io.format.CsvOptions;
import dev.beamline.io.format.FileFormat;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a source's files are and what is in them.
 *
 * @param name the source's name in the project
 * @param patterns paths or globs, absolute or of an object store (gs://); a folder ends in "/"
 * @param format of all files; compression is seen by name and first bytes
 * @param columns the source's declared columns
 * @param eventTime the column that is the event time; null where there is none
 * @param csv read for CSV only
 * @param place where the path stands in pipelines.yaml, for messages; null where it came otherwise
 */
public record FilesSource(
    String name,
    List<String> patterns,
    FileFormat format,
    Schema columns,
    @Nullable String eventTime,
    CsvOptions csv,
    @Nullable Place place)
    implements Serializable {

  public FilesSource {
    Objects.requireNonNull(name, "name");
    patterns = List.copyOf(patterns);
    if (patterns.isEmpty()) {
      throw new IllegalArgumentException("source " + name + " has no path");
    }
    if (eventTime != null && columns.indexOf(eventTime) < 0) {
      throw new IllegalArgumentException("no column " + eventTime + " in " + columns);
    }
  }

  /** One path with the defaults of everything else. */
  public static FilesSource of(
      String name, String pattern, FileFormat format, Schema columns, @Nullable String eventTime) {
    return new FilesSource(
        name, List.of(pattern), format, columns, eventTime, CsvOptions.DEFAULT, null);
  }
}
