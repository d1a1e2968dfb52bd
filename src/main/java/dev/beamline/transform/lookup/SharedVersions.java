package dev.beamline.transform.lookup;

import dev.beamline.catalog.Schema;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The versions of kept tables, once for all threads of a process that look rows up in them. */
final class SharedVersions {

  private static final Map<Key, Shared> OPEN = new HashMap<>();

  private record Key(VersionStore store, Schema columns) {}

  private static final class Shared {
    final TableVersions versions;
    int users;

    Shared(TableVersions versions) {
      this.versions = versions;
    }
  }

  private SharedVersions() {}

  /** Begins to read the table where nobody does yet; {@link #release} ends it. */
  static synchronized TableVersions open(TableReading reading, VersionStore store, Schema columns) {
    Key key = new Key(store, columns);
    Shared shared = OPEN.get(key);
    if (shared == null) {
      TableVersions versions = new TableVersions(reading, columns, System::currentTimeMillis);
      versions.start();
      shared = new Shared(versions);
      OPEN.put(key, shared);
    }
    shared.users++;
    return shared.versions;
  }

  static synchronized void release(VersionStore store, Schema columns) {
    Key key = new Key(store, columns);
    Shared shared = Objects.requireNonNull(OPEN.get(key), "not open");
    shared.users--;
    if (shared.users == 0) {
      OPEN.remove(key);
      shared.versions.close();
    }
  }
}
