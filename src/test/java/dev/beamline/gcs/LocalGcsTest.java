package dev.beamline.gcs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

/** Beam's own client of Cloud Storage finds what it needs in the local one. */
final class LocalGcsTest {

  @Test
  void beamListsReadsWritesCopiesAndDeletes() throws Exception {
    try (LocalGcs gcs = LocalGcs.start()) {
      FileSystems.setDefaultPipelineOptions(
          PipelineOptionsFactory.fromArgs(gcs.options().toArray(String[]::new)).create());
      gcs.put("shop", "in/a 1.txt", "hello world");
      gcs.put("shop", "in/b.txt", "b");
      gcs.put("shop", "in/deep/c.txt", "c");

      MatchResult found = FileSystems.match("gs://shop/in/*.txt");
      assertEquals(
          List.of("gs://shop/in/a 1.txt", "gs://shop/in/b.txt"),
          found.metadata().stream().map(m -> m.resourceId().toString()).sorted().toList());

      var id = FileSystems.matchNewResource("gs://shop/in/a 1.txt", false);
      try (SeekableByteChannel in = (SeekableByteChannel) FileSystems.open(id)) {
        in.position(6);
        byte[] rest = Channels.newInputStream(in).readAllBytes();
        assertEquals("world", new String(rest, StandardCharsets.UTF_8));
      }

      var out = FileSystems.matchNewResource("gs://shop/out/x.txt", false);
      byte[] big = "0123456789".repeat(300_000).getBytes(StandardCharsets.UTF_8);
      try (WritableByteChannel channel = FileSystems.create(out, "text/plain")) {
        channel.write(ByteBuffer.wrap(big));
      }
      assertEquals(big.length, gcs.get("shop", "out/x.txt").length);

      var copy = FileSystems.matchNewResource("gs://shop/out/y.txt", false);
      FileSystems.rename(List.of(out), List.of(copy));
      assertEquals(
          List.of("in/a 1.txt", "in/b.txt", "in/deep/c.txt", "out/y.txt"), gcs.list("shop"));
      FileSystems.delete(List.of(copy));
      assertEquals(List.of("in/a 1.txt", "in/b.txt", "in/deep/c.txt"), gcs.list("shop"));
    }
  }
}
