package dev.beamline.sql.stock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Table;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.execution.local.LocalExecutor;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanText;
import dev.beamline.plan.QueryPlan;
import dev.beamline.sql.SqlCompiler;
import dev.beamline.sql.analyzer.SqlContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What Beam SQL 2.70 gets wrong or refuses, and what we answer. {@code stock/stock.txt} holds the
 * cases: a name behind {@code ###}, the SQL for Beam and, behind a line {@code --- ours}, ours
 * where it is written in another way; then what each side gives. Rewritten by {@code
 * -Dbeamline.rewrite=true}.
 */
class StockBeamSqlTest {

  private static final Path FILE = Path.of("src/test/resources/stock/stock.txt");
  private static final boolean REWRITE = Boolean.getBoolean("beamline.rewrite");

  private static final Type ITEM =
      new StructType(
          List.of(Column.of("id", ScalarType.STRING), Column.of("price", ScalarType.INT64)));

  private static final Table EVENTS =
      new Table(
          "events",
          new Schema(
              List.of(
                  Column.of("user_id", ScalarType.STRING),
                  Column.of("team", ScalarType.STRING),
                  Column.of("score", ScalarType.INT64),
                  Column.of("event_time", ScalarType.TIMESTAMP),
                  Column.of("boss", ScalarType.STRING),
                  Column.of("item", ITEM),
                  Column.of("tags", Type.array(ScalarType.STRING)))),
          3,
          true);

  private static final List<Tuple> ROWS =
      List.of(
          event("ann", "red", 2L, "2026-01-01T00:00:01Z", "orc", "x", "y"),
          event("bob", "red", 3L, "2026-01-01T00:00:02Z", null),
          event("cat", "blue", 2_000_000_000L, "2026-01-01T00:00:04Z", "orc", "x"),
          event("dan", "blue", 2_000_000_000L, "2026-01-01T01:00:00Z", null),
          event("eve", "blue", null, "2026-01-01T01:00:09Z", "elf"));

  private static Tuple event(
      String user,
      String team,
      @Nullable Long score,
      String time,
      @Nullable String boss,
      String... tags) {
    return Tuple.of(
        user,
        team,
        score,
        Instant.parse(time).getEpochSecond() * 1_000_000,
        boss,
        Tuple.of("i" + user, 10L),
        List.of(tags));
  }

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    String[] parts = Files.readString(FILE).split("(?m)^### ");
    StringBuilder rewritten = new StringBuilder(parts[0]);
    List<DynamicTest> tests = new ArrayList<>();
    for (String part : Arrays.asList(parts).subList(1, parts.length)) {
      int line = part.indexOf('\n');
      String name = part.substring(0, line).strip();
      String body = part.substring(line + 1);
      String sql = section(body, "");
      String own = section(body, "ours");
      String mine = own.isEmpty() ? sql : own;
      if (REWRITE) {
        rewritten.append("### ").append(name).append('\n').append(sql);
        rewritten.append(own.isEmpty() ? "" : "--- ours\n" + own);
        rewritten.append("--- Beam SQL gives\n").append(StockBeamSql.run(sql));
        rewritten.append("--- we give\n").append(ours(mine)).append('\n');
      } else {
        tests.add(
            DynamicTest.dynamicTest(
                name,
                () -> {
                  assertEquals(section(body, "we give"), ours(mine));
                  assertEquals(section(body, "Beam SQL gives"), StockBeamSql.run(sql));
                  assertNotEquals(
                      bare(section(body, "we give")), bare(section(body, "Beam SQL gives")));
                }));
      }
    }
    if (REWRITE) {
      Files.writeString(FILE, rewritten.toString().stripTrailing() + "\n");
    }
    return tests.stream();
  }

  /** The lines behind {@code --- name}, up to the next such line; the first ones for no name. */
  private static String section(String body, String name) {
    StringBuilder out = new StringBuilder();
    String current = "";
    for (String line : body.split("\n")) {
      if (line.startsWith("--- ")) {
        current = line.substring(4);
      } else if (current.equals(name) && !line.isBlank()) {
        out.append(line).append('\n');
      }
    }
    return out.toString();
  }

  /** Without what is only another way of printing. */
  private static String bare(String rows) {
    return rows.replaceAll("TIMESTAMP |NUMERIC |'|\\.000(?=Z)", "");
  }

  private static String ours(String sql) {
    Problems problems = new Problems();
    SqlContext context = SqlContext.of(Map.of("events", EVENTS)).withAdHoc(true);
    Optional<QueryPlan> plan = SqlCompiler.compile("q", "q.sql", sql, context, problems);
    if (plan.isEmpty()) {
      StringBuilder out = new StringBuilder();
      problems
          .sorted()
          .forEach(
              d ->
                  out.append("refused at ")
                      .append(d.place().line())
                      .append(':')
                      .append(d.place().column())
                      .append(": ")
                      .append(d.message())
                      .append(d.hint() == null ? "" : "; " + d.hint())
                      .append('\n'));
      return out.toString();
    }
    List<String> lines = new ArrayList<>();
    try {
      for (Tuple row :
          new LocalExecutor(StockBeamSqlTest::scan, RowErrors.THROW).run(plan.get().plan())) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
          values.add(
              PlanText.literal(new Expression.Literal(row.get(i), plan.get().schema().type(i))));
        }
        lines.add(String.join(" | ", values) + "\n");
      }
    } catch (EvaluationException e) {
      return "error " + e.getMessage() + " at " + e.place() + "\n";
    }
    lines.sort(null);
    return String.join("", lines);
  }

  private static Iterable<Tuple> scan(Plan.Scan scan) {
    int[] columns = scan.schema().names().stream().mapToInt(EVENTS.schema()::indexOf).toArray();
    return ROWS.stream()
        .map(row -> Tuple.of(Arrays.stream(columns).mapToObj(row::get).toArray()))
        .toList();
  }
}
