package dev.beamline.io.files;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.lookup.VersionStore;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * Versions of a table in a folder, a file each, on this machine or in an object store.
 *
 * @param folder of the table alone, with a / at its end
 */
public record VersionFiles(String folder) implements VersionStore {

  private static final String ENDING = ".version";

  public VersionFiles {
    if (!folder.endsWith("/")) {
      throw new IllegalArgumentException("not a folder: " + folder);
    }
  }

  /** Files of other columns are of another time of the project, and not looked at. */
  private String prefix(Schema columns) {
    StringBuilder text = new StringBuilder();
    for (Column column : columns.columns()) {
      text.append(column.name()).append(' ').append(column.type().sql()).append('\n');
    }
    return folder
        + Integer.toHexString(text.toString().hashCode())
        + "-"
        + columns.columns().size()
        + "-";
  }

  private static Coder<List<Tuple>> coder(Schema columns) {
    return ListCoder.of(TupleCoder.of(columns));
  }

  @Override
  public Map<Long, List<Tuple>> load(Schema columns, Set<Long> known) throws IOException {
    String prefix = prefix(columns);
    Map<Long, List<Tuple>> versions = new TreeMap<>();
    for (Metadata file : files(prefix + "*" + ENDING)) {
      String name = file.resourceId().getFilename();
      String time =
          name.substring(prefix.length() - folder.length(), name.length() - ENDING.length());
      long millis = Long.parseLong(time);
      if (!known.contains(millis)) {
        try (InputStream in =
            new BufferedInputStream(Channels.newInputStream(FileSystems.open(file.resourceId())))) {
          versions.put(millis, coder(columns).decode(in));
        }
      }
    }
    return versions;
  }

  @Override
  public void keep(Schema columns, long millis, List<Tuple> rows) throws IOException {
    ResourceId part = file(folder + UUID.randomUUID() + ".part");
    try (OutputStream out =
        new BufferedOutputStream(
            Channels.newOutputStream(FileSystems.create(part, "application/octet-stream")))) {
      coder(columns).encode(rows, out);
    }
    FileSystems.rename(List.of(part), List.of(file(prefix(columns) + millis + ENDING)));
  }

  @Override
  public void drop(Schema columns, long millis) throws IOException {
    delete(files(prefix(columns) + millis + ENDING));
  }

  /** Keeps nothing any more. */
  public void clear() throws IOException {
    delete(files(folder + "*"));
  }

  private static void delete(List<Metadata> files) throws IOException {
    List<ResourceId> ids = new ArrayList<>();
    files.forEach(file -> ids.add(file.resourceId()));
    FileSystems.delete(ids);
  }

  private static List<Metadata> files(String pattern) throws IOException {
    return FileSystems.match(pattern, EmptyMatchTreatment.ALLOW).metadata();
  }

  private static ResourceId file(String path) {
    return FileSystems.matchNewResource(path, false);
  }
}
