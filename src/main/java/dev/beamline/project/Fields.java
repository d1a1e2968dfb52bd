package dev.beamline.project;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.project.YamlNode.Entry;
import dev.beamline.project.YamlNode.YamlList;
import dev.beamline.project.YamlNode.YamlMap;
import dev.beamline.project.YamlNode.YamlScalar;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** What was read of a mapping's keys. */
final class Fields {

  private final YamlMap map;
  private final Reading reading;
  private final IdentityHashMap<Key<?>, Object> values = new IdentityHashMap<>();

  Fields(YamlMap map, Reading reading) {
    this.map = map;
    this.reading = reading;
  }

  <T> void read(Key<T> key, Entry entry) {
    T value = key.shape().read(entry.value(), reading.under(entry.key()));
    if (value != null) {
      values.put(key, value);
    }
  }

  /** The value, or null where the key is absent, or wrong, which was reported. */
  @SuppressWarnings("unchecked")
  <T> @Nullable T get(Key<T> key) {
    return (T) values.get(key);
  }

  <T> T or(Key<T> key, T otherwise) {
    T value = get(key);
    return value == null ? otherwise : value;
  }

  /** The value of a required key: a mapping without it is not built. */
  <T> T need(Key<T> key) {
    T value = get(key);
    if (value == null) {
      throw new IllegalStateException(key.name() + " is not required");
    }
    return value;
  }

  /** Whether the key is written, be it right or wrong. */
  boolean has(Key<?> key) {
    return map.entry(key.name()) != null;
  }

  /** Of the key where it is written, else of the mapping. */
  Place placeOfKey(Key<?> key) {
    Entry entry = map.entry(key.name());
    return entry == null ? owner().place() : entry.key().place();
  }

  /** Of the key's value where it is written, else of the mapping. */
  Place placeOf(Key<?> key) {
    Entry entry = map.entry(key.name());
    return entry == null ? owner().place() : entry.value().place();
  }

  /** Of a name in the key's list or mapping, else of the key's value. */
  Place placeOfItem(Key<?> key, String name) {
    Entry entry = map.entry(key.name());
    if (entry != null && entry.value() instanceof YamlMap items) {
      Entry item = items.entry(name);
      return item == null ? placeOf(key) : item.key().place();
    }
    if (entry != null && entry.value() instanceof YamlList items) {
      for (YamlNode item : items.items()) {
        if (item instanceof YamlScalar scalar && scalar.text().equals(name)) {
          return item.place();
        }
      }
    }
    return placeOf(key);
  }

  /** The mapping's own key. */
  Located<String> owner() {
    return reading.owner();
  }

  Place place() {
    return map.place();
  }

  Problems problems() {
    return reading.problems();
  }

  void error(DiagnosticCode code, Place place, String message, @Nullable String hint) {
    reading.error(code, place, message, hint);
  }
}
