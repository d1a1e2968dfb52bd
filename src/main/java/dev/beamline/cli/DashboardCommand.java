package dev.beamline.cli;

import dev.beamline.diagnostic.Problems;
import dev.beamline.project.Durations;
import dev.beamline.project.Target;
import dev.beamline.report.dashboard.DashboardServer;
import dev.beamline.sql.CompiledProject;
import java.io.Console;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves the results as live charts until it is interrupted. */
@Command(
    name = "dashboard",
    header = "Shows the results as live charts in the browser.",
    description = {
      "Serves the tables of the target's warehouse, or those of BigQuery that its queries write, on"
          + " this machine alone, until Ctrl-C. Pages follow a run that goes on: values that are not"
          + " final yet are drawn apart and turn final.%n",
      "Charts are chosen from the columns; chart: of a query in pipelines.yaml says otherwise."
    },
    footer = {
      "  beamline dashboard",
      "  beamline dashboard --port 9000 --no-open",
      "  beamline dashboard --target prod --refresh 5m        # BigQuery's tables",
      "  beamline run live --speed 600 --dashboard   # watch a run"
    })
final class DashboardCommand extends BaseCommand {

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Listen there; 0: any free port. Default: 8700, or a free one if taken.",
      defaultValue = "-1")
  private int port;

  @Option(
      names = "--open",
      negatable = true,
      description = "Open the browser. Default: on a terminal.")
  private @Nullable Boolean open;

  @Option(
      names = "--refresh",
      paramLabel = "DURATION",
      description =
          "How old what is shown of BigQuery may become; each look is a query that costs. Default:"
              + " ${DEFAULT-VALUE}.",
      defaultValue = "30s")
  private String refresh = "30s";

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Listen on this address. Default: 127.0.0.1, which only this machine reaches.",
      defaultValue = "127.0.0.1")
  private String host = "127.0.0.1";

  @Option(
      names = "--allow-remote",
      description = "Let others on the network read all results; needed for other addresses.")
  private boolean allowRemote;

  @Override
  public Integer call() throws IOException {
    if (port > 65_535 || port < -1) {
      throw usage("--port must be from 0 to 65535");
    }
    Duration every = Durations.parse(refresh).duration();
    if (every == null || every.compareTo(Duration.ofSeconds(1)) < 0) {
      throw usage(
          "--refresh \"" + refresh + "\" is not a duration of a second or more, such as 1m");
    }
    InetAddress address = address();
    Problems problems = new Problems();
    CompiledProject compiled = ProjectLoader.check(projectDir(), problems);
    Target target = compiled.project().target(targetName());
    // A query that is wrong now may have results of an earlier run: the others are worth seeing.
    new ProblemPrinter(projectDir()).print(problems.sorted(), err());
    try (DashboardServer server = Dashboards.start(compiled, target, address, port, every)) {
      out().println("Dashboard of " + compiled.project().name() + ": " + server.url());
      out().println("Ctrl-C ends it.");
      out().flush();
      if (open == null ? Terminal.isInteractive() : open) {
        Browser.open(server.url());
      }
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.OK;
  }

  private InetAddress address() {
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw usage("--host '" + host + "' is not an address of this machine");
    }
    if (!address.isLoopbackAddress() && !allowRemote && !agreed()) {
      throw new UserException(
          "on "
              + host
              + " everybody who reaches this machine could read all results, without a password:"
              + " add --allow-remote if that is what you want");
    }
    return address;
  }

  private boolean agreed() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    String answer =
        console.readLine(
            "On %s everybody who reaches this machine can read all results. Go on? [y/N] ", host);
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
  }
}
