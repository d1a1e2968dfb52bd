package dev.beamline.execution.function;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was made of the last key: patterns and the like are literals mostly, the same for
 * every row. May be used by several threads; each result is made of the key it is given for.
 */
final class LastUsed<K, V> {

  private record Entry<K, V>(K key, V value) {}

  private final Function<K, V> make;
  private @Nullable Entry<K, V> last;

  LastUsed(Function<K, V> make) {
    this.make = make;
  }

  V get(K key) {
    Entry<K, V> entry = last;
    if (entry == null || !(entry.key == key || entry.key.equals(key))) {
      entry = new Entry<>(key, make.apply(key));
      last = entry;
    }
    return entry.value;
  }
}
