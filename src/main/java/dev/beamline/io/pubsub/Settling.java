package dev.beamline.io.pubsub;

/**
 * Whether all has come again that another reader of the subscription held when it died. Until the
 * service gives up on that reader it sends newer messages only; a watermark which followed these
 * would make the older ones late.
 *
 * <p>It is over with the first pull after the acknowledgement deadline that finds nothing, or,
 * where messages never cease, at twice the deadline.
 */
final class Settling {

  private final long start;
  private final long deadline;
  private boolean over;

  /**
   * Starts the wait.
   *
   * @param start now, in nanoseconds
   * @param deadline after so long without an acknowledgement messages come again, in nanoseconds;
   *     0: nobody has held any
   */
  Settling(long start, long deadline) {
    this.start = start;
    this.deadline = deadline;
  }

  /** A pull that began at {@code at} got so many messages. */
  void pulled(long at, int messages) {
    if (messages == 0 && at - start > deadline) {
      over = true;
    }
  }

  boolean over(long now) {
    if (!over && now - start >= 2 * deadline) {
      over = true;
    }
    return over;
  }
}
