package dev.beamline.transform.lookup;

import dev.beamline.catalog.Tuple;
import java.util.IdentityHashMap;
import java.util.List;

/** The tables that were used last, kept ready until others come. One thread uses it. */
public final class TableAtHand {

  /** Versions of a table that rows of one time meet. */
  private static final int MOST = 4;

  private final Lookup lookup;
  private final IdentityHashMap<List<Tuple>, Lookup.Ready> ready = new IdentityHashMap<>();

  public TableAtHand(Lookup lookup) {
    this.lookup = lookup;
  }

  /** The table, ready. */
  public Lookup.Ready of(List<Tuple> rows) {
    Lookup.Ready prepared = ready.get(rows);
    if (prepared == null) {
      if (ready.size() >= MOST) {
        ready.clear();
      }
      prepared = lookup.prepare(rows);
      ready.put(rows, prepared);
    }
    return prepared;
  }
}
