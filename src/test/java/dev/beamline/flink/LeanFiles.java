package dev.beamline.flink;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;

/**
 * What jobs between Kafka and DuckDB need of the class path: tests that submit many jobs do not
 * send the libraries of all other systems along each time.
 */
public final class LeanFiles {

  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "(flink-|beam-runners-(direct|google)|beam-sdks-java-(extensions|io-google|io-mongodb|harness"
              + "|expansion|transform)|beam-vendor-calcite|google-|grpc-|proto-google|gapic|gax|gcsio"
              + "|hadoop|parquet|arrow|kotlin|wire-|okhttp|okio|selenium|mongodb|bson"
              + "|netty|conscrypt|kafka_2|kafka-(server|raft|group|metadata|storage|tools"
              + "|transaction)|scala|jackson-module-scala|zookeeper|junit|archunit|kryo|chill|slf4j"
              + "|lsp4j|org\\.eclipse|chart|duckdb_jdbc).*\\.jar");

  private LeanFiles() {}

  /**
   * The files, as the option {@code filesToStage} has them.
   *
   * @param folder for what is made
   */
  public static List<String> of(Path folder) throws IOException {
    List<String> files = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path file = Path.of(entry);
      String name = file.getFileName().toString();
      if (name.startsWith("duckdb_jdbc")) {
        files.add(forThisSystem(file, folder.resolve("duckdb.jar")).toString());
      } else if (Files.isDirectory(file)
          ? name.equals("classes") || file.endsWith("src/main/resources")
          : Files.exists(file) && !LEFT_OUT.matcher(name).matches()) {
        files.add(entry);
      }
    }
    return files;
  }

  /** Without the libraries of other operating systems, which are most of it. */
  private static Path forThisSystem(Path jar, Path to) throws IOException {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).split(" ", -1)[0];
    try (JarFile from = new JarFile(jar.toFile());
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(to))) {
      out.setLevel(1);
      for (JarEntry entry : from.stream().toList()) {
        String name = entry.getName();
        if (name.startsWith("libduckdb_java")
            && !name.contains(system.equals("mac") ? "osx" : system)) {
          continue;
        }
        if (name.startsWith("libduckdb_java") && name.contains("linux") && !name.contains(arch())) {
          continue;
        }
        out.putNextEntry(new ZipEntry(name));
        try (InputStream in = from.getInputStream(entry)) {
          in.transferTo(out);
        }
        out.closeEntry();
      }
    }
    return to;
  }

  private static String arch() {
    String arch = System.getProperty("os.arch");
    return arch.equals("aarch64") ? "arm64" : arch.equals("x86_64") ? "amd64" : arch;
  }
}
