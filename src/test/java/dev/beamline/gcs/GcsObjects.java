package dev.beamline.gcs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Buckets and objects, whose bytes are in files. */
final class GcsObjects implements AutoCloseable {

  /** An object as it is now. */
  record Stored(
      String bucket,
      String name,
      Path file,
      long size,
      long generation,
      String contentType,
      Instant updated) {}

  private final Path folder;
  private final Set<String> buckets = ConcurrentHashMap.newKeySet();
  private final Map<String, ConcurrentSkipListMap<String, Stored>> objects =
      new ConcurrentHashMap<>();
  private final AtomicLong generations = new AtomicLong(System.currentTimeMillis() * 1000);

  GcsObjects(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  void makeBucket(String bucket) {
    buckets.add(bucket);
    objects.computeIfAbsent(bucket, b -> new ConcurrentSkipListMap<>());
  }

  boolean hasBucket(String bucket) {
    return buckets.contains(bucket);
  }

  /** A file for content that is on its way. */
  Path newFile() {
    return folder.resolve("content-" + generations.incrementAndGet());
  }

  Stored put(String bucket, String name, byte[] content, String type) throws IOException {
    Path file = newFile();
    Files.write(file, content);
    return put(bucket, name, file, type);
  }

  Stored put(String bucket, String name, Path file, String type) throws IOException {
    Stored stored =
        new Stored(
            bucket,
            name,
            file,
            Files.size(file),
            generations.incrementAndGet(),
            type,
            Instant.now());
    names(bucket).put(name, stored);
    return stored;
  }

  /** The object, null where there is none. */
  Stored get(String bucket, String name) {
    return names(bucket).get(name);
  }

  Stored delete(String bucket, String name) {
    return names(bucket).remove(name);
  }

  List<Stored> list(String bucket, String prefix) {
    List<Stored> found = new ArrayList<>();
    for (Stored stored : names(bucket).tailMap(prefix).values()) {
      if (!stored.name().startsWith(prefix)) {
        break;
      }
      found.add(stored);
    }
    return found;
  }

  private ConcurrentSkipListMap<String, Stored> names(String bucket) {
    return objects.computeIfAbsent(bucket, b -> new ConcurrentSkipListMap<>());
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
