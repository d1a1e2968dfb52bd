package dev.beamline.io.files;

import dev.beamline.io.format.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/**
 * A file that a pattern matched.
 *
 * @param path as Beam's file systems name it
 * @param size bytes
 * @param seekable whether reading may begin in the middle
 */
record InputFile(String path, long size, boolean seekable) implements Serializable {

  /**
   * The files of the patterns, each once, by path.
   *
   * @throws MissingFilesException where a pattern matches none
   */
  static List<InputFile> match(FilesSource source) throws IOException {
    List<InputFile> files = new ArrayList<>();
    for (String pattern : source.patterns()) {
      List<InputFile> matched = match(pattern);
      if (matched.isEmpty()) {
        throw new MissingFilesException(source.name(), pattern);
      }
      files.addAll(matched);
    }
    return files.stream().distinct().sorted(Comparator.comparing(InputFile::path)).toList();
  }

  private static List<InputFile> match(String pattern) throws IOException {
    String spec = pattern.endsWith("/") ? pattern + "*" : pattern;
    MatchResult result = find(spec);
    List<InputFile> files = new ArrayList<>();
    for (MatchResult.Metadata found : result.metadata()) {
      ResourceId id = found.resourceId();
      if (!id.isDirectory()) {
        files.add(new InputFile(id.toString(), found.sizeBytes(), found.isReadSeekEfficient()));
      }
    }
    return files;
  }

  /** Object stores are known once options are; where nobody has given any, with the defaults. */
  private static MatchResult find(String spec) throws IOException {
    try {
      return FileSystems.match(spec, EmptyMatchTreatment.ALLOW);
    } catch (IllegalArgumentException e) {
      if (!spec.contains("://")) {
        throw e;
      }
    }
    FileSystems.registerFileSystemsOnce(PipelineOptionsFactory.create());
    try {
      return FileSystems.match(spec, EmptyMatchTreatment.ALLOW);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "cannot read " + spec + ": files are local or in gs:// (" + e.getMessage() + ")", e);
    }
  }

  /** The bytes from the beginning, decompressed. */
  InputStream open() throws IOException {
    return Compression.decompress(Channels.newInputStream(channel()));
  }

  /** The bytes from that place on, as they are. */
  InputStream openAt(long position) throws IOException {
    ReadableByteChannel channel = channel();
    if (position > 0) {
      if (!(channel instanceof SeekableByteChannel seekableChannel)) {
        channel.close();
        throw new IOException(path + " cannot be read from the middle");
      }
      seekableChannel.position(position);
    }
    return Channels.newInputStream(channel);
  }

  ReadableByteChannel channel() throws IOException {
    return FileSystems.open(FileSystems.matchNewResource(path, false));
  }

  /** How the file is compressed: by its name, or else by a look at its first bytes. */
  Compression compression() throws IOException {
    Compression named = Compression.ofName(path);
    if (named != Compression.NONE) {
      return named;
    }
    try (InputStream in = Channels.newInputStream(channel())) {
      byte[] first = in.readNBytes(Compression.MAGIC_LENGTH);
      return Compression.ofMagic(first, first.length);
    }
  }

  /** Number of LF bytes before that place, null where reading that much again costs too much. */
  @Nullable Long newlinesBefore(long position) throws IOException {
    if (path.contains("://") && !path.startsWith("file://")) {
      return null;
    }
    long count = 0;
    long left = position;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = openAt(0)) {
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          break;
        }
        for (int i = 0; i < read; i++) {
          if (buffer[i] == '\n') {
            count++;
          }
        }
        left -= read;
      }
    }
    return count;
  }
}
