package dev.beamline.transform.shard;

import dev.beamline.catalog.Tuple;

/** Spreads keys over shards. */
public final class Shards {

  private Shards() {}

  /**
   * The shard of a key, the same for equal keys.
   *
   * @param shards at least one
   */
  public static int of(Tuple key, int shards) {
    int mixed = key.hashCode() * 0x9E3779B9;
    return Math.floorMod(mixed ^ (mixed >>> 16), shards);
  }
}
