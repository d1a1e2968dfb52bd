package dev.beamline.io.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.gcs.LocalGcs;
import dev.beamline.io.AllTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VersionFilesTest {

  @TempDir Path folder;

  @Test
  void versionsComeBackAsTheyWereKept() throws IOException {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    keepAndLoad(folder + "/deep/live.tables/players/");
  }

  @Test
  void theSameInAnObjectStore() throws Exception {
    try (LocalGcs gcs = LocalGcs.start()) {
      gcs.makeBucket("state");
      PipelineOptions options = PipelineOptionsFactory.create();
      options.as(GcsOptions.class).setGcsEndpoint(gcs.endpoint());
      options.as(GcpOptions.class).setCredentialFactoryClass(NoopCredentialFactory.class);
      FileSystems.setDefaultPipelineOptions(options);
      keepAndLoad("gs://state/live.tables/players/");
    } finally {
      FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    }
  }

  private static void keepAndLoad(String place) throws IOException {
    VersionFiles files = new VersionFiles(place);
    Schema columns = AllTypes.schema(false);
    assertEquals(Map.of(), files.load(columns, Set.of()));
    List<Tuple> first = AllTypes.rows(columns, 20, new Random(1));
    List<Tuple> second = AllTypes.rows(columns, 30, new Random(2));
    files.keep(columns, 1_000, first);
    files.keep(columns, 2_000, second);
    Map<Long, List<Tuple>> found = new VersionFiles(place).load(columns, Set.of());
    assertEquals(Set.of(1_000L, 2_000L), found.keySet());
    AllTypes.assertSameRows(columns, first, found.get(1_000L), "first");
    AllTypes.assertSameRows(columns, second, found.get(2_000L), "second");
    assertEquals(Set.of(2_000L), files.load(columns, Set.of(1_000L)).keySet());
    Schema others = Schema.of(Column.of("team", ScalarType.STRING));
    assertEquals(Map.of(), files.load(others, Set.of()), "of other columns");
    files.drop(columns, 1_000);
    assertEquals(Set.of(2_000L), files.load(columns, Set.of()).keySet());
    files.clear();
    assertEquals(Map.of(), files.load(columns, Set.of()));
  }
}
