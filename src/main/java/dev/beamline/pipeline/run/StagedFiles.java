package dev.beamline.pipeline.run;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;

/**
 * What workers of a service get of this program: not the other runners, not the local warehouse,
 * nothing of tests. Its own code and the libraries are files of their own, so that a new version of
 * the one does not have the other staged again: the stager knows a file by its content.
 */
public final class StagedFiles {

  /** Libraries that no worker loads. */
  private static final String LEFT_OUT =
      "flink-|beam-runners-direct|frocksdbjni|chart\\.js|picocli|org\\.eclipse\\.lsp4j|archunit|junit"
          + "|beam-sdks-java-extensions-sql|beam-sdks-java-test-utils|opentest4j|apiguardian|kryo|chill"
          + "|selenium|kafka_2|jackson-module-scala|scala-|akka|pekko";

  /** The same by package, for a jar of everything. */
  private static final List<String> LEFT_OUT_PACKAGES =
      List.of(
          "org/apache/flink/",
          "org/apache/beam/runners/direct/",
          "org/rocksdb/",
          "librocksdbjni",
          "META-INF/resources/webjars/",
          "picocli/",
          "org/eclipse/lsp4j/",
          "com/esotericsoftware/",
          "com/twitter/chill/",
          "scala/");

  /** Whose workers they are. Each kind does without the other's runner. */
  public enum Workers {
    /** They write to no warehouse of one machine. */
    DATAFLOW(
        "beam-runners-flink|duckdb_jdbc",
        List.of("org/apache/beam/runners/flink/", "org/duckdb/", "libduckdb_java")),

    /** They have Flink itself already. */
    FLINK(
        "beam-runners-google-cloud-dataflow|google-api-services-dataflow|slf4j-jdk14",
        List.of(
            "org/apache/beam/runners/dataflow/",
            "com/google/api/services/dataflow/",
            "org/slf4j/"));

    private final Pattern jars;
    private final ImmutableList<String> packages;

    Workers(String jars, List<String> packages) {
      this.jars = Pattern.compile("(" + LEFT_OUT + "|" + jars + ").*\\.jar");
      this.packages =
          ImmutableList.<String>builder().addAll(LEFT_OUT_PACKAGES).addAll(packages).build();
    }

    boolean leaveOut(String entry) {
      return packages.stream().anyMatch(entry::startsWith);
    }
  }

  private static final long NO_TIME = 315_532_800_000L;

  private StagedFiles() {}

  /**
   * The files of this very process.
   *
   * @param workers who get them
   * @param cache a folder for what has to be made first
   */
  public static List<String> ofThisProcess(Workers workers, Path cache) throws IOException {
    return of(System.getProperty("java.class.path", ""), workers, cache);
  }

  static List<String> of(String classPath, Workers workers, Path cache) throws IOException {
    List<Path> entries = new ArrayList<>();
    for (String entry : Splitter.on(File.pathSeparatorChar).split(classPath)) {
      if (!entry.isEmpty() && Files.exists(Path.of(entry))) {
        entries.add(Path.of(entry).toAbsolutePath());
      }
    }
    if (entries.size() == 1 && Files.isRegularFile(entries.get(0))) {
      return split(entries.get(0), workers, cache);
    }
    List<String> staged = new ArrayList<>();
    for (Path entry : entries) {
      String name = entry.getFileName().toString();
      boolean tests =
          Files.isDirectory(entry)
              && (name.equals("test-classes") || entry.endsWith("src/test/resources"));
      if (!tests && !workers.jars.matcher(name).matches()) {
        staged.add(entry.toString());
      }
    }
    return staged;
  }

  /** Parts the jar of everything into our own code and the libraries that workers need. */
  private static List<String> split(Path jar, Workers workers, Path cache) throws IOException {
    Files.createDirectories(cache);
    String version = Files.size(jar) + "-" + Files.getLastModifiedTime(jar).toMillis();
    Path own = cache.resolve("beamline-" + version + ".jar");
    Path libraries =
        cache.resolve(
            "libraries-" + workers.name().toLowerCase(Locale.ROOT) + "-" + version + ".jar");
    if (!Files.exists(own) || !Files.exists(libraries)) {
      write(jar, workers, own, true);
      write(jar, workers, libraries, false);
    }
    return List.of(own.toString(), libraries.toString());
  }

  private static void write(Path jar, Workers workers, Path to, boolean ours) throws IOException {
    Path part = Files.createTempFile(to.getParent(), "part", ".jar");
    try (JarFile from = new JarFile(jar.toFile());
        OutputStream file = new BufferedOutputStream(Files.newOutputStream(part));
        JarOutputStream out = new JarOutputStream(file)) {
      out.setLevel(1);
      List<JarEntry> entries = new ArrayList<>();
      for (Enumeration<JarEntry> e = from.entries(); e.hasMoreElements(); ) {
        entries.add(e.nextElement());
      }
      Collections.sort(entries, java.util.Comparator.comparing(ZipEntry::getName));
      for (JarEntry entry : entries) {
        String name = entry.getName();
        boolean isOurs = name.startsWith("dev/beamline/") || name.startsWith("META-INF/MANIFEST");
        if (entry.isDirectory()
            || (isOurs != ours && !name.startsWith("META-INF/MANIFEST"))
            || workers.leaveOut(name)) {
          continue;
        }
        ZipEntry copy = new ZipEntry(name);
        // The same content is the same file, whenever it is made.
        copy.setTime(NO_TIME);
        out.putNextEntry(copy);
        try (InputStream in = from.getInputStream(entry)) {
          if (name.startsWith("META-INF/services/")) {
            out.write(services(workers, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
          } else {
            in.transferTo(out);
          }
        }
        out.closeEntry();
      }
    }
    Files.move(part, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Services of what is left out would be looked for in vain. */
  private static byte[] services(Workers workers, String text) {
    return text.lines()
        .filter(l -> !workers.leaveOut(l.replace('.', '/')))
        .collect(Collectors.joining("\n", "", "\n"))
        .getBytes(StandardCharsets.UTF_8);
  }
}
