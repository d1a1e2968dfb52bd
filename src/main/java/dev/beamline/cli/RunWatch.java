package dev.beamline.cli;

import dev.beamline.pipeline.run.RunLedger;
import dev.beamline.pipeline.run.RunReport;
import dev.beamline.pipeline.run.RunReport.State;
import dev.beamline.project.Target;
import dev.beamline.report.dashboard.DashboardServer;
import dev.beamline.sql.CompiledProject;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets others watch a run: a report beside the warehouse, and a dashboard where asked for. */
final class RunWatch implements AutoCloseable {

  private static final Duration EVERY = Duration.ofSeconds(1);

  private final @Nullable Path file;
  private final @Nullable DashboardServer server;
  private final String pipeline;
  private final Instant started = Instant.now();
  private RunLedger ledger = new RunLedger(Map.of(), Map.of());
  private Instant told = Instant.EPOCH;
  private boolean done;

  private RunWatch(@Nullable Path file, @Nullable DashboardServer server, String pipeline) {
    this.file = file;
    this.server = server;
    this.pipeline = pipeline;
  }

  static RunWatch start(
      CompiledProject compiled, Target target, String pipeline, boolean dashboard, PrintWriter out)
      throws IOException {
    DashboardServer server = null;
    if (dashboard) {
      server =
          Dashboards.start(
              compiled, target, InetAddress.getLoopbackAddress(), -1, Duration.ofSeconds(5));
      out.println("Dashboard: " + server.url());
      out.flush();
      if (Terminal.isInteractive()) {
        Browser.open(server.url());
      }
    }
    String warehouse = target.common().warehouse();
    Path file = warehouse == null ? null : RunReport.file(compiled.project().resolve(warehouse));
    RunWatch watch = new RunWatch(file, server, pipeline);
    watch.write(State.RUNNING);
    return watch;
  }

  /** The counters so far; called often. */
  void tell(RunLedger counters) {
    ledger = counters;
    if (Duration.between(told, Instant.now()).compareTo(EVERY) >= 0) {
      write(State.RUNNING);
    }
  }

  void done(RunLedger counters) {
    ledger = counters;
    done = true;
    write(State.DONE);
  }

  /** Keeps the dashboard open for a person, until Ctrl-C. */
  void stay(PrintWriter out) throws InterruptedException {
    if (server != null && Terminal.isInteractive()) {
      out.println("The dashboard stays open at " + server.url() + " until Ctrl-C.");
      out.flush();
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  @Override
  public void close() {
    if (!done) {
      write(State.FAILED);
    }
    if (server != null) {
      server.close();
    }
  }

  private void write(State state) {
    if (file == null) {
      return;
    }
    told = Instant.now();
    try {
      new RunReport(pipeline, state, started, told, ledger).write(file);
    } catch (IOException e) {
      // A run is not worth ending because nobody can watch it.
      return;
    }
  }
}
