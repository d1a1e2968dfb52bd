package dev.beamline.io.duckdb;

import dev.beamline.transform.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Writes to one database file for all pipelines of this JVM: what bundles hand in within a moment
 * goes in one transaction, so that thousands of small bundles do not cost a transaction each. A
 * bundle's changes are never cut in two.
 */
final class Committer {

  /** How long other processes may hold the file before a run gives up. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  /** How long changes that nobody waits for are gathered. */
  private static final Duration GATHER = Duration.ofMillis(200);

  /** Rows in memory, beyond which bundles wait. */
  private static final int MOST_PENDING = 200_000;

  private static final Map<Path, Committer> COMMITTERS = new HashMap<>();

  private final DatabaseFile file;
  private Map<DuckDbTable, List<Change>> pending = new LinkedHashMap<>();
  private List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private int pendingRows;
  private boolean working;
  private boolean hurried;
  private @Nullable Throwable failure;
  private @Nullable Thread thread;

  private Committer(DatabaseFile file) {
    this.file = file;
  }

  static Committer of(String path) {
    DatabaseFile file = DatabaseFile.of(Path.of(path));
    synchronized (COMMITTERS) {
      return COMMITTERS.computeIfAbsent(file.path(), p -> new Committer(file));
    }
  }

  DatabaseFile file() {
    return file;
  }

  /** Returns when the changes are on disk. */
  void commit(DuckDbTable table, List<Change> changes) throws IOException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    synchronized (this) {
      enqueue(table, changes);
      waiting.add(done);
      hurried = true;
      notifyAll();
    }
    await(done);
  }

  /** Returns at once, or when there is room; {@link #flush} tells whether it went well. */
  synchronized void add(DuckDbTable table, List<Change> changes) throws IOException {
    while (pendingRows >= MOST_PENDING && failure == null) {
      hurried = true;
      notifyAll();
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new WarehouseException("interrupted while writing to " + file.path(), e);
      }
    }
    throwIfFailed();
    enqueue(table, changes);
  }

  /** Returns when all that was added is on disk. */
  void flush() throws IOException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    synchronized (this) {
      throwIfFailed();
      if (pending.isEmpty() && !working) {
        return;
      }
      waiting.add(done);
      hurried = true;
      start();
      notifyAll();
    }
    await(done);
    synchronized (this) {
      throwIfFailed();
    }
  }

  /** Forgets a failure and what was added, when its run is over. */
  synchronized void reset() {
    pending.clear();
    pendingRows = 0;
    failure = null;
  }

  private void enqueue(DuckDbTable table, List<Change> changes) {
    pending.computeIfAbsent(table, t -> new ArrayList<>()).addAll(changes);
    pendingRows += changes.size();
    start();
    notifyAll();
  }

  private void start() {
    if (thread == null) {
      thread = new Thread(this::work, "warehouse-committer");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void throwIfFailed() throws IOException {
    if (failure != null) {
      throw failure instanceof WarehouseException
          ? new WarehouseException(String.valueOf(failure.getMessage()), failure)
          : new WarehouseException("writing to " + file.path() + " failed: " + failure, failure);
    }
  }

  private void await(CompletableFuture<Void> done) throws IOException {
    try {
      done.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WarehouseException("interrupted while writing to " + file.path(), e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new WarehouseException(
          cause instanceof WarehouseException
              ? String.valueOf(cause.getMessage())
              : "writing to " + file.path() + " failed: " + cause.getMessage(),
          cause);
    }
  }

  private void work() {
    while (true) {
      Map<DuckDbTable, List<Change>> batch;
      List<CompletableFuture<Void>> told;
      synchronized (this) {
        try {
          while (pending.isEmpty() && waiting.isEmpty()) {
            wait();
          }
          long until = System.nanoTime() + GATHER.toNanos();
          long left = until - System.nanoTime();
          while (!hurried && left > 0) {
            wait(left / 1_000_000 + 1);
            left = until - System.nanoTime();
          }
        } catch (InterruptedException e) {
          // Nobody interrupts this thread but a JVM that ends.
          return;
        }
        batch = pending;
        told = waiting;
        pending = new LinkedHashMap<>();
        waiting = new ArrayList<>();
        pendingRows = 0;
        hurried = false;
        working = true;
        notifyAll();
      }
      Throwable failed = null;
      try {
        write(batch);
      } catch (IOException | SQLException | RuntimeException | Error e) {
        failed = e;
      }
      synchronized (this) {
        working = false;
        if (failed != null && told.isEmpty()) {
          failure = failed;
        }
        notifyAll();
      }
      for (CompletableFuture<Void> one : told) {
        if (failed == null) {
          one.complete(null);
        } else {
          one.completeExceptionally(failed);
        }
      }
    }
  }

  private void write(Map<DuckDbTable, List<Change>> batch) throws IOException, SQLException {
    if (batch.isEmpty()) {
      return;
    }
    file.writing().lock();
    try (DatabaseFile.Lease lease = file.lease(PATIENCE)) {
      DuckDBConnection connection = lease.connection();
      try (Statement statement = connection.createStatement()) {
        statement.execute("BEGIN TRANSACTION");
        boolean committed = false;
        try {
          for (Map.Entry<DuckDbTable, List<Change>> entry : batch.entrySet()) {
            new TableWriter(entry.getKey()).write(connection, entry.getValue());
          }
          statement.execute("COMMIT");
          committed = true;
        } finally {
          if (!committed) {
            rollBack(connection);
          }
        }
      }
    } finally {
      file.writing().unlock();
    }
  }

  private static void rollBack(DuckDBConnection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      // The failure that led here is what counts; the connection is closed next.
      System.getLogger(Committer.class.getName())
          .log(System.Logger.Level.DEBUG, "rollback failed", e);
    }
  }
}
