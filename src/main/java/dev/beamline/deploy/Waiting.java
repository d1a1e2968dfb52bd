package dev.beamline.deploy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * How long a service may take.
 *
 * @param poll between two looks at a job
 * @param most until a deployment gives up waiting
 */
public record Waiting(Duration poll, Duration most) {

  /** The same patience between looks, and another in all. */
  public Waiting upTo(Duration other) {
    return new Waiting(poll, other);
  }

  /** When patience ends that begins now. */
  public Instant end() {
    return Instant.now().plus(most);
  }

  /** Waits until the next look at a job, and holds the lock meanwhile. */
  public void pause(DeployLock lock) throws IOException, InterruptedException {
    Thread.sleep(poll.toMillis());
    lock.renew();
  }
}
