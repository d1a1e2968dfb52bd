package dev.beamline.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers SQL at once. */
@Command(
    name = "query",
    header = "Answers SQL over the samples of sources and over tables of the warehouse.",
    description = {
      "A name in FROM is a source, whose sample is read; else a table of the target's warehouse;"
          + " else a query of the project, which is computed from the samples.%n",
      "Exit code: 0 answered, 1 a statement failed, 2 wrong usage, 3 a fault."
    },
    footer = {
      "  beamline query \"SELECT 1 + 1\"",
      "  beamline query \"SELECT team, COUNT(*) AS n FROM game_events GROUP BY team ORDER BY n DESC\"",
      "  beamline query --file report.sql --format csv > report.csv",
      "  beamline query -P least=5 \"SELECT user_id FROM game_events WHERE score > @least\"",
      "  echo \"SELECT 1; SELECT 2\" | beamline query --file - --format json --keep-going"
    })
final class QueryCommand extends BaseCommand {

  @Parameters(
      arity = "0..1",
      paramLabel = "SQL",
      description = "One or more statements, parted by semicolons.")
  private @Nullable String sql;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Read the statements from a file; -: from standard input.")
  private @Nullable String file;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "One of: table, json, csv. Default: ${DEFAULT-VALUE}. json is one line a statement.",
      converter = RowFormat.Converter.class,
      defaultValue = "table")
  private RowFormat format = RowFormat.TABLE;

  @Option(
      names = "--keep-going",
      description = "Go on with the next statement after one that failed.")
  private boolean keepGoing;

  @Mixin private ParameterOptions parameters = new ParameterOptions();

  @Option(
      names = "--input",
      paramLabel = "SOURCE=PATH",
      description = "Read this file in place of the source's sample.")
  private Map<String, Path> inputs = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException {
    String name = file == null ? "query" : file.equals("-") ? "<stdin>" : file;
    String text = text();
    if (text.isBlank()) {
      throw usage("there is no SQL");
    }
    AdHocQueries queries =
        new AdHocQueries(projectDir(), targetName(), parameters.values(), inputs);
    ProblemPrinter printer = new ProblemPrinter(projectDir());
    printer.add(name, text);
    AnswerPrinter answers = new AnswerPrinter(format, out(), err(), printer);
    int code = ExitCode.OK;
    for (AdHocQueries.Statement statement : queries.statements(name, text)) {
      Answer answer = queries.answer(statement);
      answers.print(statement.number(), answer);
      code = Math.max(code, answer.exitCode());
      if (code != ExitCode.OK && !keepGoing) {
        break;
      }
    }
    if (format == RowFormat.TABLE) {
      printer.print(queries.notes(), err());
      queries.refused().forEach(this::tellRefused);
    }
    return code;
  }

  private void tellRefused(String source, long records) {
    if (records > 0) {
      err()
          .println(
              records
                  + (records == 1 ? " record of " : " records of ")
                  + source
                  + " did not fit its columns and "
                  + (records == 1 ? "was" : "were")
                  + " left out.");
    }
  }

  private String text() throws IOException {
    if ((sql == null) == (file == null)) {
      throw usage(sql == null ? "give SQL, or a file with --file" : "give SQL or --file, not both");
    }
    if (file == null) {
      return String.valueOf(sql);
    }
    if (file.equals("-")) {
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Path path = Path.of(file);
    if (!Files.isRegularFile(path)) {
      throw usage("there is no file '" + file + "'");
    }
    return Files.readString(path);
  }
}
