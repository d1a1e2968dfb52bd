package dev.beamline.cli;

import dev.beamline.project.Target;
import dev.beamline.report.dashboard.DashboardServer;
import dev.beamline.report.dashboard.WarehouseMetricStore;
import dev.beamline.sql.CompiledProject;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;

/** Starts dashboards. */
final class Dashboards {

  /** Tried first where no port is asked for. */
  static final int PORT = 8700;

  private Dashboards() {}

  /**
   * A dashboard of a target's warehouse.
   *
   * @param port -1: {@link #PORT}, or any free one where that is taken
   * @throws UserException where the target has no warehouse, or the port is taken
   */
  static DashboardServer start(
      CompiledProject compiled, Target target, InetAddress address, int port) throws IOException {
    String warehouse = target.common().warehouse();
    if (warehouse == null) {
      throw new UserException(
          "target "
              + target.name()
              + " has no warehouse to show: add warehouse: PATH to it, or name another with"
              + " --target");
    }
    WarehouseMetricStore store =
        new WarehouseMetricStore(compiled.project().resolve(warehouse), compiled);
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
}
