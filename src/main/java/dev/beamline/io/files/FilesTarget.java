package dev.beamline.io.files;

import dev.beamline.io.SinkTable;
import dev.beamline.io.format.FileFormat;
import java.io.Serializable;
import java.util.Objects;

/**
 * Where a query's rows are written.
 *
 * @param folder absolute, or of an object store; ends in "/"
 * @param fileName of the one file, with the endings of format and compression; with several shards
 *     each gets its number before the endings
 * @param shards number of files, at least 1
 */
public record FilesTarget(
    SinkTable table, String folder, String fileName, FileFormat format, int shards)
    implements Serializable {

  public FilesTarget {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(format, "format");
    if (!folder.endsWith("/") || fileName.isEmpty() || fileName.contains("/") || shards < 1) {
      throw new IllegalArgumentException("not a target: " + folder + fileName + " " + shards);
    }
  }

  /**
   * From a path as pipelines.yaml has it: one file, or a folder that ends in "/" and gets a file of
   * the table's name.
   */
  public static FilesTarget of(SinkTable table, String path, FileFormat format, int shards) {
    if (path.endsWith("/")) {
      return new FilesTarget(table, path, table.name() + ending(format), format, shards);
    }
    int slash = path.lastIndexOf('/');
    String folder = slash < 0 ? "./" : path.substring(0, slash + 1);
    return new FilesTarget(table, folder, path.substring(slash + 1), format, shards);
  }

  private static String ending(FileFormat format) {
    return switch (format) {
      case JSON -> ".ndjson";
      case CSV -> ".csv";
      case AVRO -> ".avro";
      case PARQUET -> ".parquet";
    };
  }

  /** The name of a shard's file. */
  String shardName(int index) {
    if (shards == 1) {
      return fileName;
    }
    String number = String.format(java.util.Locale.ROOT, "-%05d-of-%05d", index, shards);
    int dot = fileName.indexOf('.', 1);
    return dot < 0
        ? fileName + number
        : fileName.substring(0, dot) + number + fileName.substring(dot);
  }

  /** The name of a file among many that a stream without end writes. */
  String shardName(int index, String part) {
    String name = shardName(index);
    int dot = name.indexOf('.', 1);
    return dot < 0 ? name + "-" + part : name.substring(0, dot) + "-" + part + name.substring(dot);
  }
}
