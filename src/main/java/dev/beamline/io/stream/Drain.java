package dev.beamline.io.stream;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells the streams that are read in this process to end, as though nothing more had come: their
 * watermarks go to the end of time, so that every window closes and every sink gets what it holds.
 */
public final class Drain {

  private static final Set<String> DRAINING = ConcurrentHashMap.newKeySet();

  private Drain() {}

  /**
   * Ends the streams of a run.
   *
   * @param run its id, as its sources were given it
   */
  public static void start(String run) {
    DRAINING.add(run);
  }

  public static boolean isOn(String run) {
    return DRAINING.contains(run);
  }

  /** Forgets a run that has ended. */
  public static void forget(String run) {
    DRAINING.remove(run);
  }
}
