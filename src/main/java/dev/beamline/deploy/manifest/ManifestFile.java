package dev.beamline.deploy.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Manifests as JSON: {@code {"format": 1, "pipelines": [...]}}. Keys are sorted, so that two files
 * can be compared.
 */
public final class ManifestFile {

  static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(
              SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .build();

  private ManifestFile() {}

  /** A file that is no manifest. */
  public static final class InvalidManifestException extends IOException {
    private static final long serialVersionUID = 1L;

    InvalidManifestException(String message) {
      super(message);
    }
  }

  public static byte[] write(Collection<Manifest> manifests) {
    ObjectNode file = JSON.createObjectNode().put("format", Manifest.FORMAT);
    file.set("pipelines", JSON.valueToTree(manifests));
    try {
      return (JSON.writeValueAsString(file).replace("\r\n", "\n") + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Replaces a file in one step. */
  public static void write(Path path, Collection<Manifest> manifests) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Path part = path.resolveSibling(path.getFileName() + ".part");
    Files.write(part, write(manifests));
    Files.move(part, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * @param name of the file, for messages
   */
  public static List<Manifest> read(String name, byte[] bytes) throws InvalidManifestException {
    try {
      JsonNode file = JSON.readTree(bytes);
      if (file == null || !file.path("pipelines").isArray()) {
        throw new InvalidManifestException(name + " is not a manifest that --save-manifest wrote");
      }
      int format = file.path("format").asInt();
      if (format != Manifest.FORMAT) {
        throw new InvalidManifestException(
            name
                + " is of format "
                + format
                + ", and this version of Beamline reads format "
                + Manifest.FORMAT);
      }
      List<Manifest> manifests = new ArrayList<>();
      for (JsonNode pipeline : file.get("pipelines")) {
        manifests.add(JSON.treeToValue(pipeline, Manifest.class));
      }
      return manifests;
    } catch (InvalidManifestException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new InvalidManifestException(name + " is not a manifest: " + first);
    }
  }

  public static List<Manifest> read(Path path) throws IOException {
    return read(path.toString(), Files.readAllBytes(path));
  }
}
