package dev.beamline.cli;

import dev.beamline.diagnostic.Problems;
import dev.beamline.pipeline.run.TargetOptions;
import dev.beamline.project.Project;
import dev.beamline.testing.Verification;
import dev.beamline.testing.Verification.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows that batch and stream agree. */
@Command(
    name = "verify",
    header = "Proves that batch and stream agree, over the sources' samples.",
    description = {
      "Streams slices of the samples through each query in many ways: orders within the out-of-orderness"
          + " and the lateness, delays, bundles, steps of watermark and clock, triggers. The final rows must"
          + " be those of batch. A difference is shrunk and printed as a test.%n",
      "Exit code: 0 no difference, 1 a difference, 2 wrong usage, 3 a fault."
    },
    footer = {
      "  beamline verify",
      "  beamline verify hourly_team_score --runs 1000",
      "  beamline verify --seed 7 --rows 50 --write"
    })
final class VerifyCommand extends BaseCommand {

  @Parameters(paramLabel = "QUERY", description = "Queries. Default: all.")
  private List<String> queries = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Makes other runs; the same number makes the same. Default: ${DEFAULT-VALUE}.",
      defaultValue = "1")
  private long seed;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Runs of each query. Default: ${DEFAULT-VALUE}.",
      defaultValue = "20")
  private int runs;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Rows of each stream in a run; 0: all. Default: ${DEFAULT-VALUE}.",
      defaultValue = "200")
  private int rows;

  @Option(
      names = "--write",
      description = "Write the test that shows a difference to tests/verify_QUERY.yaml, too.")
  private boolean write;

  @Mixin private ParameterOptions parameters = new ParameterOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (runs < 1) {
      throw usage("--runs must be 1 or more");
    }
    if (rows < 0) {
      throw usage("--rows must not be negative");
    }
    Problems problems = new Problems();
    Project project = parameters.in(ProjectLoader.read(projectDir(), problems));
    problems.throwIfErrors();
    TargetOptions.useForFiles(project.target(targetName()));
    queries.forEach(project::query);
    List<String> chosen = queries.isEmpty() ? List.copyOf(project.queries().keySet()) : queries;
    int width = chosen.stream().mapToInt(String::length).max().orElse(0);
    long began = System.nanoTime();
    List<Verdict> verdicts =
        new Verification(project, new Verification.Settings(seed, runs, rows))
            .run(chosen, verdict -> print(verdict, width));
    double seconds = (System.nanoTime() - began) / 1e9;
    long made = verdicts.stream().mapToLong(Verdict::runs).sum();
    long different = verdicts.stream().filter(verdict -> verdict.difference() != null).count();
    out()
        .println(
            String.format(
                Locale.ROOT,
                "%n%,d runs of %d %s, seed %d: %s (%.1f s, %.0f runs/s)",
                made,
                verdicts.size(),
                verdicts.size() == 1 ? "query" : "queries",
                seed,
                made == 0
                    ? "there was nothing to try"
                    : different == 0
                        ? "batch and stream agree"
                        : different + (different == 1 ? " query differs" : " queries differ"),
                seconds,
                made / seconds));
    for (Verdict verdict : verdicts) {
      show(project, verdict);
    }
    return different == 0 ? ExitCode.OK : ExitCode.USER;
  }

  private void print(Verdict verdict, int width) {
    String name = verdict.query() + " ".repeat(width - verdict.query().length());
    if (verdict.skipped() != null) {
      out().println("skip  " + name + "  " + verdict.skipped());
    } else {
      out()
          .println(
              (verdict.difference() == null ? Styles.green("ok  ") : Styles.red("DIFF"))
                  + "  "
                  + name
                  + String.format(
                      Locale.ROOT, "  %,d runs, %,d rows", verdict.runs(), verdict.rows()));
    }
    out().flush();
  }

  private void show(Project project, Verdict verdict) throws IOException {
    Verification.Shown difference = verdict.difference();
    if (difference == null) {
      return;
    }
    out().println("\n" + Styles.bold(verdict.query()) + " differs:");
    difference.text().lines().forEach(line -> out().println("  " + line));
    out().println("\n" + difference.test());
    if (write) {
      Path file = project.folder().resolve("tests").resolve("verify_" + verdict.query() + ".yaml");
      Files.createDirectories(file.getParent());
      Files.writeString(file, difference.test());
      out().println("Written to tests/" + file.getFileName());
    }
  }
}
