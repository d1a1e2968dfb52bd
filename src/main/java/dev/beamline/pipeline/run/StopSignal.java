package dev.beamline.pipeline.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The wish that a run may end. */
final class StopSignal {

  private final CountDownLatch asked = new CountDownLatch(1);

  void ask() {
    asked.countDown();
  }

  boolean isAsked() {
    return asked.getCount() == 0;
  }

  /** Waits for the wish, though no longer than this. */
  boolean await(long millis) throws InterruptedException {
    return asked.await(millis, TimeUnit.MILLISECONDS);
  }
}
