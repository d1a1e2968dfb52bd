package dev.beamline.transform.lookup;

import dev.beamline.catalog.Tuple;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table that was read last, kept ready until another one comes. One thread uses it. */
public final class TableAtHand {

  private final Lookup lookup;
  private @Nullable List<Tuple> table;
  private Lookup.@Nullable Ready ready;

  public TableAtHand(Lookup lookup) {
    this.lookup = lookup;
  }

  /** The table, ready. */
  public Lookup.Ready of(List<Tuple> newest) {
    Lookup.Ready prepared = ready;
    if (prepared == null || table != newest) {
      prepared = lookup.prepare(newest);
      ready = prepared;
      table = newest;
    }
    return prepared;
  }
}
