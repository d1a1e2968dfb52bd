package dev.beamline.transform.shard;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that are held until the input ends. A shard comes in parts, of which one at a time has to
 * be in memory to be looked at; and beyond some bytes the blocks themselves go to a temporary file,
 * of which the elements only say where they are in it. For bounded input; files are for runners
 * whose workers are in this process, with which the files go.
 */
public final class HeldBlocks {

  /** Small, since each worker fills one of each part at a time. */
  private static final int BLOCK_BYTES = 1 << 18;

  private static final byte HERE = 0;
  private static final byte IN_FILE = 1;

  /** Number of the part, and where the bytes are. */
  private static final int HEADER = 2;

  /** Position and length, behind which the file's path follows. */
  private static final int REFERENCE = HEADER + Long.BYTES + Integer.BYTES;

  private final int parts;
  private final long most;
  private long held;
  private @Nullable Path path;
  private @Nullable RandomAccessFile file;

  /**
   * Blocks of one worker.
   *
   * @param parts of each shard, at most 128
   * @param most bytes that stay in memory
   */
  private HeldBlocks(int parts, long most) {
    this.parts = parts;
    this.most = most;
  }

  /**
   * Gathers values into such blocks.
   *
   * @param parts of each shard: of a value the part is its place modulo this, the shard the rest
   * @param most bytes of one worker that stay in memory
   */
  public static <T> ShardBlocks<T> gather(
      TupleTag<KV<Integer, byte[]>> tag, Coder<T> coder, int shards, int parts, long most) {
    return new ShardBlocks<>(
        tag, coder, shards * parts, BLOCK_BYTES, new HeldBlocks(parts, most)::pack);
  }

  private KV<Integer, byte[]> pack(int place, byte[] bytes, int size) {
    byte part = (byte) (place % parts);
    held += size;
    return KV.of(place / parts, held > most ? write(part, bytes, size) : here(part, bytes, size));
  }

  private static byte[] here(byte part, byte[] bytes, int size) {
    return ByteBuffer.allocate(HEADER + size).put(part).put(HERE).put(bytes, 0, size).array();
  }

  private byte[] write(byte part, byte[] bytes, int size) {
    try {
      RandomAccessFile to = file;
      Path where = path;
      if (to == null || where == null) {
        where = Files.createTempFile(ScratchFolder.get(), "held", ".rows");
        where.toFile().deleteOnExit();
        to = new RandomAccessFile(where.toFile(), "rw");
        path = where;
        file = to;
      }
      long position = to.length();
      to.seek(position);
      to.write(bytes, 0, size);
      byte[] name = where.toString().getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.allocate(REFERENCE + name.length)
          .put(part)
          .put(IN_FILE)
          .putLong(position)
          .putInt(size)
          .put(name)
          .array();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The blocks of a shard by its parts; those without a block are left out. */
  public static List<List<byte[]>> parts(Iterable<byte[]> shard) {
    List<List<byte[]>> parts = new ArrayList<>();
    for (byte[] block : shard) {
      while (parts.size() <= block[0]) {
        parts.add(new ArrayList<>());
      }
      parts.get(block[0]).add(block);
    }
    parts.removeIf(List::isEmpty);
    return parts;
  }

  /** What is in a block, wherever it is held. */
  public static byte[] bytes(byte[] block) {
    if (block[1] == HERE) {
      return Arrays.copyOfRange(block, HEADER, block.length);
    }
    ByteBuffer reference = ByteBuffer.wrap(block).position(HEADER);
    long position = reference.getLong();
    byte[] bytes = new byte[reference.getInt()];
    byte[] name = new byte[reference.remaining()];
    reference.get(name);
    try (RandomAccessFile from =
        new RandomAccessFile(new File(new String(name, StandardCharsets.UTF_8)), "r")) {
      from.seek(position);
      from.readFully(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
