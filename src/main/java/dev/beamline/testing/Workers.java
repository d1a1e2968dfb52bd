package dev.beamline.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads for work that keeps processors busy, as many as there are. */
final class Workers implements AutoCloseable {

  private final ExecutorService pool =
      Executors.newFixedThreadPool(Math.max(1, Runtime.getRuntime().availableProcessors()));

  /**
   * Does all tasks.
   *
   * @return what they gave, in their order
   * @throws RuntimeException what the first of them threw, in their order
   */
  <T> List<T> run(List<Callable<T>> tasks) throws InterruptedException {
    List<T> results = new ArrayList<>();
    for (Future<T> future : pool.invokeAll(tasks)) {
      results.add(get(future));
    }
    return results;
  }

  private static <T> T get(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
