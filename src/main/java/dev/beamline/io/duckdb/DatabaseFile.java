package dev.beamline.io.duckdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/**
 * One database file as this JVM uses it. DuckDB lets one process at a time open a file that is
 * written, so a process holds it only while it works: connections are leased, the file is closed a
 * moment after the last one came back, and who finds it held by another process waits and tries
 * again. So several pipelines, dashboards and queries share one warehouse. Within the JVM all
 * leases share one instance of the database.
 */
final class DatabaseFile {

  /** How long the file stays open after the last lease: opening and closing cost some 50 ms. */
  private static final Duration LINGER = Duration.ofMillis(150);

  /** After so long the file is closed as soon as nobody uses it, to let other processes in. */
  private static final Duration LONGEST_HOLD = Duration.ofSeconds(1);

  /** How long the file is left to others then. They try more often than that. */
  private static final Duration REST = Duration.ofMillis(40);

  private static final Duration RETRY = Duration.ofMillis(8);

  private static final Map<Path, DatabaseFile> FILES = new HashMap<>();

  /**
   * Whether a process may load this class several times, as a cluster's does, once for each job.
   * DuckDB's lock is between processes: two copies of it in one would both open the file and damage
   * it. Then the properties of the process, which all loaders share, tell who has it open.
   */
  private static final boolean MANY_COPIES =
      DatabaseFile.class.getClassLoader() != ClassLoader.getSystemClassLoader();

  private static final String THIS_COPY = UUID.randomUUID().toString();

  private static final ScheduledExecutorService CLOSER =
      Executors.newSingleThreadScheduledExecutor(
          runnable -> {
            Thread thread = new Thread(runnable, "warehouse-closer");
            thread.setDaemon(true);
            return thread;
          });

  static {
    // A process that ends leaves files that are whole in themselves, without a log beside them.
    Runtime.getRuntime()
        .addShutdownHook(new Thread(DatabaseFile::releaseAll, "warehouse-shutdown"));
  }

  private final Path path;
  private final ReentrantLock writing = new ReentrantLock();
  private @Nullable DuckDBConnection root;
  private int leases;
  private long openedNanos;
  private long returnedNanos;
  private long restUntilNanos = System.nanoTime();

  private DatabaseFile(Path path) {
    this.path = path;
  }

  static DatabaseFile of(Path path) {
    Path known = real(path.toAbsolutePath().normalize());
    synchronized (FILES) {
      return FILES.computeIfAbsent(known, DatabaseFile::new);
    }
  }

  /** Without links, as far as it exists: two names of one file must not become two databases. */
  private static Path real(Path path) {
    try {
      if (Files.exists(path)) {
        return path.toRealPath();
      }
      Path parent = path.getParent();
      return parent != null && Files.exists(parent)
          ? parent.toRealPath().resolve(path.getFileName())
          : path;
    } catch (IOException e) {
      return path;
    }
  }

  Path path() {
    return path;
  }

  /** Held by whoever changes rows that others may change too: DuckDB refuses the later of two. */
  ReentrantLock writing() {
    return writing;
  }

  /**
   * A connection of the caller's own, to be closed soon. Makes the file where there is none.
   *
   * @param patience how long to wait while another process has the file
   * @throws WarehouseException where the file is no database, or held for longer
   */
  Lease lease(Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    boolean made = false;
    while (true) {
      synchronized (this) {
        long now = System.nanoTime();
        if (root != null || now - restUntilNanos >= 0) {
          try {
            if (root == null) {
              if (!enter()) {
                throw new SQLException("Could not set lock: another job of this process has it");
              }
              if (!made && path.getParent() != null) {
                Files.createDirectories(path.getParent());
                made = true;
              }
              try {
                root = open();
              } finally {
                if (root == null) {
                  leave();
                }
              }
              openedNanos = System.nanoTime();
            }
            DuckDBConnection connection = (DuckDBConnection) root.duplicate();
            leases++;
            return new Lease(connection);
          } catch (SQLException e) {
            String message = String.valueOf(e.getMessage());
            boolean held = message.contains("Could not set lock");
            if (!held || now - deadline >= 0) {
              throw told(message, held, e);
            }
          }
        }
      }
      try {
        Thread.sleep(RETRY.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new WarehouseException("interrupted while waiting for " + path, e);
      }
    }
  }

  private boolean enter() {
    return !MANY_COPIES || System.getProperties().putIfAbsent(property(), THIS_COPY) == null;
  }

  private void leave() {
    if (MANY_COPIES) {
      System.getProperties().remove(property(), THIS_COPY);
    }
  }

  private String property() {
    return "beamline.warehouse.open:" + path;
  }

  private DuckDBConnection open() throws SQLException {
    // Not by DriverManager, which does not see drivers of the class loaders that jobs come in.
    DuckDBConnection connection =
        (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:" + path, new Properties());
    try (Statement statement = connection.createStatement()) {
      // TIMESTAMP is shown and cut in UTC here, wherever the machine stands.
      statement.execute("SET GLOBAL TimeZone = 'UTC'");
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  private WarehouseException told(String message, boolean held, SQLException e) {
    String first = message.lines().findFirst().orElse(message);
    return held
        ? new WarehouseException(
            "the warehouse "
                + path
                + " is held by another process, which has not let go of it: "
                + first,
            e)
        : new WarehouseException("the warehouse " + path + " cannot be opened: " + first, e);
  }

  private synchronized void giveBack() {
    leases--;
    returnedNanos = System.nanoTime();
    if (leases > 0 || root == null) {
      return;
    }
    if (returnedNanos - openedNanos > LONGEST_HOLD.toNanos()) {
      closeNow();
    } else {
      // What fails here fails again for the next lease, which says so.
      var unused = CLOSER.schedule(this::closeIfIdle, LINGER.toMillis() + 1, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void closeIfIdle() {
    if (leases == 0 && root != null && System.nanoTime() - returnedNanos >= LINGER.toNanos()) {
      closeNow();
    }
  }

  /** Closes the file now, unless somebody in this JVM still uses it. */
  synchronized void release() {
    if (leases == 0 && root != null) {
      closeNow();
    }
  }

  private static void releaseAll() {
    List<DatabaseFile> all;
    synchronized (FILES) {
      all = List.copyOf(FILES.values());
    }
    all.forEach(DatabaseFile::release);
  }

  private void closeNow() {
    DuckDBConnection closing = root;
    root = null;
    restUntilNanos = System.nanoTime() + REST.toNanos();
    if (closing != null) {
      try {
        closing.close();
      } catch (SQLException e) {
        // Whatever was committed is on disk; the next one to open the file finishes the rest.
        System.getLogger(DatabaseFile.class.getName())
            .log(System.Logger.Level.DEBUG, "closing " + path, e);
      } finally {
        leave();
      }
    }
  }

  /** A connection that is lent. */
  final class Lease implements AutoCloseable {
    private final DuckDBConnection connection;
    private boolean returned;

    private Lease(DuckDBConnection connection) {
      this.connection = connection;
    }

    DuckDBConnection connection() {
      return connection;
    }

    @Override
    public void close() {
      if (returned) {
        return;
      }
      returned = true;
      try {
        connection.close();
      } catch (SQLException e) {
        System.getLogger(DatabaseFile.class.getName())
            .log(System.Logger.Level.DEBUG, "closing a connection to " + path, e);
      }
      giveBack();
    }
  }
}
