package dev.beamline.transform.shard;

import dev.beamline.transform.StageOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the coded values of each shard and sends them a block at a time. For bounded input: the
 * blocks have no time. One thread uses it.
 */
public final class ShardBlocks<T> {

  /** A block is sent when it has so many bytes, so that no element grows without bound. */
  private static final int BLOCK_BYTES = 1 << 20;

  private final TupleTag<KV<Integer, byte[]>> tag;
  private final Coder<T> coder;
  private final @Nullable Block[] blocks;
  private final Packing packing;
  private final int blockBytes;

  /**
   * Blocks for an output.
   *
   * @param coder of a value; what it writes must end by itself
   */
  public ShardBlocks(TupleTag<KV<Integer, byte[]>> tag, Coder<T> coder, int shards) {
    this(
        tag,
        coder,
        shards,
        BLOCK_BYTES,
        (shard, bytes, size) -> KV.of(shard, Arrays.copyOf(bytes, size)));
  }

  /**
   * Blocks for an output that are sent in another form.
   *
   * @param coder of a value; what it writes must end by itself
   * @param blockBytes with which a block is sent
   */
  ShardBlocks(
      TupleTag<KV<Integer, byte[]>> tag,
      Coder<T> coder,
      int shards,
      int blockBytes,
      Packing packing) {
    this.tag = tag;
    this.coder = coder;
    this.blocks = new @Nullable Block[shards];
    this.blockBytes = blockBytes;
    this.packing = packing;
  }

  /** What is sent of a block. */
  interface Packing {
    /**
     * The element, which must not hold on to the array.
     *
     * @param size how many bytes of the array are the block
     */
    KV<Integer, byte[]> pack(int shard, byte[] bytes, int size);
  }

  /** The coder of what is sent. */
  public static KvCoder<Integer, byte[]> blockCoder() {
    return KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of());
  }

  /** A block of one value. */
  public static <T> KV<Integer, byte[]> single(int shard, Coder<T> coder, T value) {
    try {
      return KV.of(shard, CoderUtils.encodeToByteArray(coder, value));
    } catch (CoderException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a value to its shard's block, and sends the block where it is full. */
  public void add(int shard, T value, StageOutput output) {
    Block block = blocks[shard];
    if (block == null) {
      block = new Block();
      blocks[shard] = block;
    }
    try {
      coder.encode(value, block);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (block.size >= blockBytes) {
      send(shard, block, output);
    }
  }

  /** Sends what is there. */
  public void flush(StageOutput output) {
    for (int i = 0; i < blocks.length; i++) {
      Block block = blocks[i];
      if (block != null && block.size > 0) {
        send(i, block, output);
      }
    }
  }

  /** Forgets what is there: a bundle begins anew. */
  public void clear() {
    for (Block block : blocks) {
      if (block != null) {
        block.size = 0;
      }
    }
  }

  private void send(int shard, Block block, StageOutput output) {
    KV<Integer, byte[]> element = packing.pack(shard, block.bytes, block.size);
    block.size = 0;
    output.output(tag, element, BoundedWindow.TIMESTAMP_MIN_VALUE);
  }

  /** A stream into an array, without the locks of the JDK's own. */
  private static final class Block extends OutputStream {
    private byte[] bytes = new byte[1 << 10];
    private int size;

    @Override
    public void write(int b) {
      ensure(1);
      bytes[size++] = (byte) b;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      ensure(length);
      System.arraycopy(from, offset, bytes, size, length);
      size += length;
    }

    private void ensure(int more) {
      if (bytes.length - size < more) {
        bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
      }
    }
  }
}
