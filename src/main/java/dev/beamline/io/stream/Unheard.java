package dev.beamline.io.stream;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The readers of a run in this process that have sent nothing yet. A runner takes the watermark of
 * several readers together from those it has heard of: where one has sent its first chunk and the
 * other has not, the first alone would decide, and what the other has to send could be late. That
 * happens where a pipeline goes on with fewer workers than before, each with several readers.
 */
final class Unheard {

  private static final Map<String, Set<ChunkReader>> READERS = new ConcurrentHashMap<>();

  private Unheard() {}

  static void add(String run, ChunkReader reader) {
    READERS
        .computeIfAbsent(
            run,
            r -> Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>())))
        .add(reader);
  }

  static void remove(String run, ChunkReader reader) {
    READERS.computeIfPresent(
        run,
        (r, readers) -> {
          readers.remove(reader);
          return readers.isEmpty() ? null : readers;
        });
  }

  static boolean any(String run) {
    return READERS.containsKey(run);
  }
}
