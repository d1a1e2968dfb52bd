package dev.beamline.io.format;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import io.airlift.compress.lz4.Lz4Decompressor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Parquet's page compression without Hadoop's codecs: Snappy, gzip, zstd, raw LZ4. */
final class ParquetCodecs implements CompressionCodecFactory {

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return new Compressor(codec);
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    return new Decompressor(codec);
  }

  @Override
  public void release() {
    // Nothing is held.
  }

  private static byte[] plain(BytesInput bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(Math.toIntExact(bytes.size()));
    bytes.writeAllTo(out);
    return out.toByteArray();
  }

  private record Compressor(CompressionCodecName codec) implements BytesInputCompressor {
    @Override
    public BytesInput compress(BytesInput bytes) throws IOException {
      byte[] plain = plain(bytes);
      return switch (codec) {
        case UNCOMPRESSED -> BytesInput.from(plain);
        case SNAPPY -> BytesInput.from(Snappy.compress(plain));
        case ZSTD -> BytesInput.from(Zstd.compress(plain));
        case GZIP -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
          }
          yield BytesInput.from(out.toByteArray());
        }
        default -> throw new IOException("compression " + codec + " is not supported");
      };
    }

    @Override
    public CompressionCodecName getCodecName() {
      return codec;
    }

    @Override
    public void release() {
      // Nothing is held.
    }
  }

  private record Decompressor(CompressionCodecName codec) implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput bytes, int size) throws IOException {
      return BytesInput.from(decompress(plain(bytes), size));
    }

    @Override
    public void decompress(ByteBuffer in, int inSize, ByteBuffer out, int outSize)
        throws IOException {
      byte[] compressed = new byte[inSize];
      in.get(compressed);
      out.put(decompress(compressed, outSize));
    }

    private byte[] decompress(byte[] compressed, int size) throws IOException {
      byte[] plain =
          switch (codec) {
            case UNCOMPRESSED -> compressed;
            case SNAPPY -> Snappy.uncompress(compressed);
            case GZIP -> readAll(new GZIPInputStream(new ByteArrayInputStream(compressed)), size);
            case ZSTD -> readAll(new ZstdInputStream(new ByteArrayInputStream(compressed)), size);
            case LZ4_RAW -> {
              byte[] out = new byte[size];
              new Lz4Decompressor().decompress(compressed, 0, compressed.length, out, 0, size);
              yield out;
            }
            default -> throw new IOException("compression " + codec + " is not supported");
          };
      if (plain.length != size) {
        throw new IOException("a page has " + plain.length + " bytes instead of " + size);
      }
      return plain;
    }

    /** No more than one byte above the size that the page claims: a bomb must not fill memory. */
    private static byte[] readAll(InputStream in, int size) throws IOException {
      try (in) {
        return in.readNBytes(size == Integer.MAX_VALUE ? size : size + 1);
      }
    }

    @Override
    public void release() {
      // Nothing is held.
    }
  }
}
