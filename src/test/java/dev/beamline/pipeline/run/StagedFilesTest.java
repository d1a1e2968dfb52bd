package dev.beamline.pipeline.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.beamline.pipeline.run.StagedFiles.Workers;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What workers get, and that it is the same file whenever its content is. */
final class StagedFilesTest {

  @TempDir Path folder;

  private Path jar(String name, Map<String, String> entries) throws IOException {
    Path jar = folder.resolve(name);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, String> entry : new TreeMap<>(entries).entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
        out.closeEntry();
      }
    }
    return jar;
  }

  private Path packaged(String code) throws IOException {
    return jar(
        "beamline-1-all.jar",
        Map.of(
            "dev/beamline/cli/Main.class", code,
            "org/apache/beam/sdk/Pipeline.class", "beam",
            "org/apache/flink/Flink.class", "flink",
            "org/duckdb/Duck.class", "duckdb",
            "META-INF/services/org.apache.beam.Registrar",
                "org.apache.beam.runners.flink.FlinkRegistrar\norg.apache.beam.sdk.Own\n"));
  }

  private static TreeSet<String> names(String jar) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (JarFile file = new JarFile(jar)) {
      file.stream().forEach(entry -> names.add(entry.getName()));
    }
    return names;
  }

  @Test
  void theJarOfEverythingIsPartedAndMadeLean() throws IOException {
    List<String> staged =
        StagedFiles.of(packaged("one").toString(), Workers.DATAFLOW, folder.resolve("cache"));
    assertEquals(2, staged.size());
    assertEquals(new TreeSet<>(List.of("dev/beamline/cli/Main.class")), names(staged.get(0)));
    assertEquals(
        new TreeSet<>(
            List.of(
                "META-INF/services/org.apache.beam.Registrar",
                "org/apache/beam/sdk/Pipeline.class")),
        names(staged.get(1)));
    try (JarFile libraries = new JarFile(staged.get(1))) {
      String services =
          new String(
              libraries
                  .getInputStream(libraries.getEntry("META-INF/services/org.apache.beam.Registrar"))
                  .readAllBytes(),
              StandardCharsets.UTF_8);
      assertEquals("org.apache.beam.sdk.Own\n", services);
    }
  }

  @Test
  void librariesStayTheSameFileWhenTheCodeChanges() throws IOException {
    List<String> before =
        StagedFiles.of(packaged("one").toString(), Workers.DATAFLOW, folder.resolve("cache"));
    byte[] libraries = Files.readAllBytes(Path.of(before.get(1)));
    byte[] code = Files.readAllBytes(Path.of(before.get(0)));
    List<String> after =
        StagedFiles.of(
            packaged("another version").toString(), Workers.DATAFLOW, folder.resolve("cache"));
    assertArrayEquals(libraries, Files.readAllBytes(Path.of(after.get(1))));
    assertFalse(java.util.Arrays.equals(code, Files.readAllBytes(Path.of(after.get(0)))));
  }

  @Test
  void aClassPathLosesWhatWorkersDoNotLoad() throws IOException {
    List<String> jars =
        List.of(
            jar("beamline-1.jar", Map.of("a", "")).toString(),
            jar("beam-sdks-java-core-2.70.0.jar", Map.of("a", "")).toString(),
            jar("beam-runners-flink-1.19-2.70.0.jar", Map.of("a", "")).toString(),
            jar("flink-runtime-1.19.0.jar", Map.of("a", "")).toString(),
            jar("duckdb_jdbc-1.4.1.0.jar", Map.of("a", "")).toString(),
            jar("junit-jupiter-api-5.13.4.jar", Map.of("a", "")).toString());
    assertEquals(
        jars.subList(0, 2),
        StagedFiles.of(
            String.join(File.pathSeparator, jars), Workers.DATAFLOW, folder.resolve("cache")));
  }

  @Test
  void flinkHasItselfAndNeedsTheRest() throws IOException {
    List<String> staged =
        StagedFiles.of(packaged("one").toString(), Workers.FLINK, folder.resolve("cache"));
    assertEquals(
        new TreeSet<>(
            List.of(
                "META-INF/services/org.apache.beam.Registrar",
                "org/apache/beam/sdk/Pipeline.class",
                "org/duckdb/Duck.class")),
        names(staged.get(1)));
    List<String> jars =
        List.of(
            jar("beam-runners-flink-1.19-2.70.0.jar", Map.of("a", "")).toString(),
            jar("duckdb_jdbc-1.4.1.0.jar", Map.of("a", "")).toString(),
            jar("flink-runtime-1.19.0.jar", Map.of("a", "")).toString(),
            jar("beam-runners-google-cloud-dataflow-java-2.70.0.jar", Map.of("a", "")).toString());
    assertEquals(
        jars.subList(0, 2),
        StagedFiles.of(
            String.join(File.pathSeparator, jars), Workers.FLINK, folder.resolve("cache")));
  }
}
