package dev.beamline.cli;

import dev.beamline.pipeline.run.TargetTables;
import dev.beamline.project.Target;
import dev.beamline.report.dashboard.BigQueryMetricStore;
import dev.beamline.report.dashboard.DashboardServer;
import dev.beamline.report.dashboard.MetricStore;
import dev.beamline.report.dashboard.WarehouseMetricStore;
import dev.beamline.sql.CompiledProject;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.time.Duration;

/** Starts dashboards. */
final class Dashboards {

  /** Tried first where no port is asked for. */
  static final int PORT = 8700;

  private Dashboards() {}

  /**
   * A dashboard of a target's warehouse, or of the tables of BigQuery that its queries write.
   *
   * @param port -1: {@link #PORT}, or any free one where that is taken
   * @param refresh of BigQuery's tables
   * @throws UserException where the target has neither, or the port is taken
   */
  static DashboardServer start(
      CompiledProject compiled, Target target, InetAddress address, int port, Duration refresh)
      throws IOException {
    MetricStore store = store(compiled, target, refresh);
    String name = compiled.project().name();
    try {
      return new DashboardServer(name, store, address, port < 0 ? PORT : port);
    } catch (BindException e) {
      if (port >= 0) {
        throw new UserException(
            "port " + port + " cannot be used (" + e.getMessage() + "): name another with --port");
      }
      return new DashboardServer(name, store, address, 0);
    }
  }

  private static MetricStore store(CompiledProject compiled, Target target, Duration refresh) {
    String warehouse = target.common().warehouse();
    if (warehouse != null) {
      return new WarehouseMetricStore(compiled.project().resolve(warehouse), compiled);
    }
    TargetTables tables = TargetTables.of(compiled.project(), target);
    if (tables.results().isEmpty()) {
      throw new UserException(
          "target "
              + target.name()
              + " has nothing to show: it has no warehouse, and no query goes to BigQuery. Add"
              + " warehouse: PATH to it, or name another with --target");
    }
    return new BigQueryMetricStore(compiled, tables, refresh);
  }
}
