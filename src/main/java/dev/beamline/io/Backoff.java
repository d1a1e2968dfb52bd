package dev.beamline.io;

/** Pauses between attempts at something that a service refuses for a while, each twice as long. */
public final class Backoff {

  private static final int MOST_ATTEMPTS = 5;
  private static final long FIRST_PAUSE_MILLIS = 200;

  private int attempts;

  /** After an attempt that failed, waits for the next; false at once: there have been enough. */
  public boolean again() throws InterruptedException {
    attempts++;
    if (attempts == MOST_ATTEMPTS) {
      return false;
    }
    Thread.sleep(FIRST_PAUSE_MILLIS << (attempts - 1));
    return true;
  }
}
