package dev.beamline.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Table;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.diagnostic.Severity;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.execution.local.LocalExecutor;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanText;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.sql.analyzer.SqlContext;
import dev.beamline.sql.ast.SqlType;
import dev.beamline.sql.parser.SqlParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Compiles what the files in {@code sql/*.sql-test} hold and compares plans and diagnostics. A file
 * is a list of cases, each of a line that begins with {@code ###} and the case's name, directives,
 * SQL, a line {@code ---}, and what is expected. Directives that begin with {@code #} set what the
 * cases behind them in the file share: {@code #table name [stream] (columns)} with a star behind
 * the event-time column, {@code #streaming}, {@code #batch}, {@code #window tumble 3600s}, {@code
 * #parameter name TYPE value}, {@code #query name} (the case's plan gets that name for later
 * cases).
 */
final class SqlFileTest {

  private static final Path FOLDER = Path.of("src/test/resources/sql");
  private static final boolean REWRITE = Boolean.getBoolean("beamline.rewrite");

  @TestFactory
  Stream<DynamicTest> files() throws IOException {
    try (Stream<Path> paths = Files.list(FOLDER)) {
      return paths.filter(p -> p.toString().endsWith(".sql-test")).sorted().toList().stream()
          .flatMap(SqlFileTest::file);
    }
  }

  private static Stream<DynamicTest> file(Path path) {
    try {
      File file = new File(Files.readString(path));
      List<DynamicTest> tests = new ArrayList<>();
      StringBuilder rewritten = new StringBuilder(file.head);
      for (Case one : file.cases) {
        String actual = file.run(one);
        rewritten.append("### ").append(one.name).append('\n').append(one.directives);
        rewritten.append(one.sql).append("---\n").append(actual).append('\n');
        tests.add(
            DynamicTest.dynamicTest(
                path.getFileName() + ": " + one.name,
                () -> assertEquals(one.expected, REWRITE ? one.expected : actual)));
      }
      if (REWRITE) {
        Files.writeString(path, rewritten.toString().stripTrailing() + "\n");
      }
      return tests.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Case(String name, String directives, String sql, String expected) {}

  /** One file's cases and what they share. */
  private static final class File {
    private final List<Case> cases = new ArrayList<>();
    private final String head;
    private final Map<String, Table> tables = new LinkedHashMap<>();
    private final Map<String, QueryPlan> queries = new HashMap<>();
    private final Map<String, Expression.Literal> parameters = new HashMap<>();
    private final Map<String, List<Tuple>> rows = new HashMap<>();
    private boolean run;
    private boolean streaming;
    private boolean adHoc;
    private Optional<WindowSpec> window = Optional.empty();
    private String saveAs = "";

    File(String text) {
      String[] parts = text.split("(?m)^### ");
      head = parts[0];
      for (int i = 1; i < parts.length; i++) {
        int line = parts[i].indexOf('\n');
        String name = parts[i].substring(0, line).strip();
        String body = parts[i].substring(line + 1);
        StringBuilder directives = new StringBuilder();
        StringBuilder sql = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        boolean behind = false;
        for (String each : body.split("\n", -1)) {
          if (!behind && each.startsWith("#")) {
            directives.append(each).append('\n');
          } else if (!behind && each.equals("---")) {
            behind = true;
          } else {
            (behind ? expected : sql).append(each).append('\n');
          }
        }
        cases.add(
            new Case(
                name, directives.toString(), sql.toString(), expected.toString().strip() + "\n"));
      }
      directives(head);
    }

    private void directives(String text) {
      for (String line : text.split("\n")) {
        String[] words = line.strip().split("\\s+", 3);
        switch (words[0]) {
          case "#table" -> table(line.strip().substring("#table".length()).strip());
          case "#rows" -> rows(words[1], words[2]);
          case "#run" -> run = true;
          case "#plan" -> run = false;
          case "#streaming" -> streaming = true;
          case "#batch" -> streaming = false;
          case "#adhoc" -> adHoc = true;
          case "#window" -> window = window(words[1], words.length > 2 ? words[2] : "");
          case "#parameter" -> parameters.put(words[1], parameter(words[2]));
          case "#query" -> saveAs = words[1];
          default -> {}
        }
      }
    }

    /** Rows of a table, whose columns are coerced to the table's as by UNION ALL. */
    private void rows(String table, String sql) {
      Table target = tables.get(table);
      if (target == null) {
        throw new IllegalArgumentException("no table " + table);
      }
      Problems problems = new Problems();
      Map<String, Table> empty = Map.of(table, target);
      QueryPlan plan =
          SqlCompiler.compile(
                  "rows",
                  "rows",
                  "SELECT * FROM " + table + " UNION ALL " + sql,
                  SqlContext.of(empty),
                  problems)
              .orElseThrow(() -> new IllegalArgumentException(problems.sorted().toString()));
      rows.put(table, new LocalExecutor(scan -> List.of(), RowErrors.THROW).run(plan.plan()));
    }

    private Iterable<Tuple> scan(Plan.Scan scan) {
      Table table = java.util.Objects.requireNonNull(tables.get(scan.source()));
      int[] columns = scan.schema().names().stream().mapToInt(table.schema()::indexOf).toArray();
      return rows.getOrDefault(scan.source(), List.of()).stream()
          .map(row -> Tuple.of(java.util.Arrays.stream(columns).mapToObj(row::get).toArray()))
          .toList();
    }

    private String execute(QueryPlan plan) {
      List<Tuple> result;
      try {
        result = new LocalExecutor(this::scan, RowErrors.THROW).run(plan.plan());
      } catch (EvaluationException e) {
        return "error " + e.getMessage() + (e.place() == null ? "" : " at " + e.place()) + "\n";
      }
      List<String> lines =
          new ArrayList<>(result.stream().map(r -> show(r, plan.schema())).toList());
      boolean sorted =
          plan.plan() instanceof Plan.Sort
              || (plan.plan() instanceof Plan.Calc calc && calc.input() instanceof Plan.Sort);
      if (!sorted) {
        java.util.Collections.sort(lines);
      }
      return lines.stream().map(l -> l + "\n").collect(java.util.stream.Collectors.joining());
    }

    private static String show(Tuple row, Schema schema) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < schema.size(); i++) {
        values.add(PlanText.literal(new Expression.Literal(row.get(i), schema.type(i))));
      }
      return String.join(" | ", values);
    }

    private static Expression.Literal parameter(String text) {
      String[] words = text.split("\\s+", 2);
      ScalarType type = ScalarType.valueOf(words[0]);
      Object value = type == ScalarType.INT64 ? (Object) Long.valueOf(words[1]) : words[1];
      return new Expression.Literal(value, type);
    }

    private static Optional<WindowSpec> window(String kind, String lengths) {
      long[] micros =
          Stream.of(lengths.split(" "))
              .filter(w -> !w.isEmpty())
              .mapToLong(w -> Long.parseLong(w.replace("s", "")) * 1_000_000)
              .toArray();
      return switch (kind) {
        case "tumble" -> Optional.of(new WindowSpec.Tumble(micros[0], 0));
        case "hop" -> Optional.of(new WindowSpec.Hop(micros[0], micros[1], 0));
        case "session" -> Optional.of(new WindowSpec.Session(micros[0]));
        case "global" -> Optional.of(new WindowSpec.Global());
        default -> Optional.empty();
      };
    }

    private void table(String text) {
      int open = text.indexOf('(');
      String[] words = text.substring(0, open).strip().split("\\s+");
      String columns = text.substring(open + 1, text.lastIndexOf(')'));
      Problems problems = new Problems();
      int eventTime = -1;
      SqlType parsed =
          SqlParser.parseType("t", 1, 1, "STRUCT<" + columns.replace("*", "") + ">", problems);
      problems.throwIfErrors();
      List<Column> made = new ArrayList<>();
      String marked = columns.contains("*") ? columns.replaceAll("(?s)\\*.*", "") : "";
      if (parsed instanceof SqlType.Struct struct) {
        for (SqlType.Field field : struct.fields()) {
          String name = String.valueOf(field.name());
          if (marked.matches("(?s).*\\b" + name + "\\s+TIMESTAMP\\s*")) {
            eventTime = made.size();
          }
          made.add(Column.of(name, type(field.type())));
        }
      }
      boolean stream = words.length > 1 && words[1].equals("stream");
      tables.put(words[0], new Table(words[0], new Schema(made), eventTime, !stream));
    }

    private static Type type(SqlType type) {
      if (type instanceof SqlType.Array array) {
        return Type.array(type(array.element()));
      } else if (type instanceof SqlType.Struct struct) {
        return new StructType(
            struct.fields().stream()
                .map(f -> Column.of(String.valueOf(f.name()), type(f.type())))
                .toList());
      }
      return ScalarType.valueOf(((SqlType.Named) type).name());
    }

    private String run(Case one) {
      saveAs = "";
      directives(one.directives);
      SqlContext context =
          SqlContext.of(tables)
              .withQueries(queries)
              .withParameters(parameters)
              .withStreaming(streaming)
              .withAdHoc(adHoc);
      if (window.isPresent()) {
        context = context.withWindowing(window.get(), new Place("pipelines.yaml", 7, 3, 1));
      }
      Problems problems = new Problems();
      Optional<QueryPlan> plan =
          SqlCompiler.compile(saveAs.isEmpty() ? "q" : saveAs, "q.sql", one.sql, context, problems);
      StringBuilder text = new StringBuilder();
      String name = saveAs.isEmpty() ? "q" : saveAs;
      if (run && plan.isPresent()) {
        text.append(plan.get().schema()).append('\n');
        QueryPlan asWritten =
            SqlCompiler.compileAsWritten(name, "q.sql", one.sql, context, new Problems())
                .orElseThrow();
        String rows = execute(plan.get());
        String rowsAsWritten = execute(asWritten);
        text.append(rows);
        if (!rows.equals(rowsAsWritten)) {
          text.append("as written:\n").append(rowsAsWritten);
        }
      } else {
        plan.ifPresent(p -> text.append(show(p)));
      }
      problems.sorted().forEach(d -> text.append(show(d)));
      if (!saveAs.isEmpty() && plan.isPresent()) {
        queries.put(saveAs, plan.get());
      }
      return text.toString();
    }

    private static String show(QueryPlan plan) {
      QueryPlan.ResultWindow window = plan.window();
      return plan.schema()
          + "\n"
          + (window == null
              ? ""
              : "window "
                  + PlanText.window(window.spec(), "_")
                  + (window.start() < 0
                      ? ""
                      : " in "
                          + plan.schema().name(window.start())
                          + ", "
                          + plan.schema().name(window.end()))
                  + "\n")
          + (plan.key().isEmpty()
              ? ""
              : "key " + plan.key().stream().map(k -> plan.schema().name(k)).toList() + "\n")
          + PlanText.of(plan.plan());
    }

    private static String show(Diagnostic diagnostic) {
      Place place = diagnostic.place();
      return (diagnostic.severity() == Severity.ERROR ? "" : diagnostic.severity() + " ")
          + place.line()
          + ":"
          + place.column()
          + "+"
          + place.length()
          + (place.file().equals("q.sql") ? "" : " in " + place.file())
          + " "
          + diagnostic.code()
          + ": "
          + diagnostic.message()
          + (diagnostic.hint() == null ? "" : " [" + diagnostic.hint() + "]")
          + "\n";
    }
  }
}
