package dev.beamline.sql.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Table;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Problems;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanText;
import dev.beamline.plan.Plans;
import dev.beamline.sql.AsWritten;
import dev.beamline.sql.analyzer.SqlContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each rule alone, over the plans of the queries in {@code rules/NAME.txt}: a line {@code ###
 * what}, SQL, and behind {@code --- before} and {@code --- after} the plans. A case whose name
 * begins with {@code not} must be left as it is, any other must be changed. Rewritten by {@code
 * -Dbeamline.rewrite=true}.
 */
class RuleFilesTest {

  private static final Path FOLDER = Path.of("src/test/resources/rules");
  private static final boolean REWRITE = Boolean.getBoolean("beamline.rewrite");

  /** With the rules that run before each, where it works on what they leave. */
  private static final Map<String, List<UnaryOperator<Plan>>> RULES = new LinkedHashMap<>();

  static {
    UnaryOperator<Plan> merge = all(new MergeCalcs());
    RULES.put("FoldConstants", List.of(all(new FoldConstants())));
    RULES.put("MergeCalcs", List.of(merge));
    RULES.put("RemoveTrivialCalc", List.of(all(new RemoveTrivialCalc())));
    RULES.put("RemoveDistinct", List.of(merge, all(new RemoveDistinct())));
    RULES.put("PushJoinCondition", List.of(all(new PushJoinCondition())));
    RULES.put("PushFilter", List.of(merge, all(new PushFilter())));
    RULES.put("TopRows", List.of(merge, all(new TopRows())));
    RULES.put("PruneColumns", List.of(merge, PruneColumns::apply));
  }

  private static final Map<String, Table> TABLES =
      Map.of(
          "events",
          table(
              "events",
              2,
              Column.of("user_id", ScalarType.STRING),
              Column.of("team", ScalarType.STRING),
              Column.of("ts", ScalarType.TIMESTAMP),
              Column.of("score", ScalarType.INT64),
              Column.of("word", ScalarType.STRING),
              Column.of("tags", Type.array(ScalarType.STRING)),
              Column.of(
                  "item",
                  new StructType(
                      List.of(
                          Column.of("id", ScalarType.STRING),
                          Column.of("price", ScalarType.NUMERIC))))),
          "players",
          table(
              "players",
              -1,
              Column.of("user_id", ScalarType.STRING),
              Column.of("country", ScalarType.STRING),
              Column.of("level", ScalarType.INT64)));

  private static Table table(String name, int eventTime, Column... columns) {
    return new Table(name, new Schema(List.of(columns)), eventTime, true);
  }

  /** The rule at each operator, from the sources up, as often as it finds something. */
  private static UnaryOperator<Plan> all(PlanRule rule) {
    return plan -> {
      Plan current = plan;
      for (int i = 0; i < 20; i++) {
        Plan next = pass(rule, current);
        if (next.equals(current)) {
          return current;
        }
        current = next;
      }
      throw new IllegalStateException("the rule never ends: " + PlanText.of(current));
    };
  }

  private static Plan pass(PlanRule rule, Plan plan) {
    Plan current = Plans.withInputs(plan, plan.inputs().stream().map(i -> pass(rule, i)).toList());
    @Nullable Plan next = rule.apply(current);
    return next == null ? current : next;
  }

  @TestFactory
  Stream<DynamicTest> rules() {
    return RULES.keySet().stream().flatMap(RuleFilesTest::file);
  }

  private static Stream<DynamicTest> file(String rule) {
    Path path = FOLDER.resolve(rule + ".txt");
    try {
      String[] parts = Files.readString(path).split("(?m)^### ");
      StringBuilder rewritten = new StringBuilder(parts[0]);
      List<DynamicTest> tests = new ArrayList<>();
      for (String part : Arrays.asList(parts).subList(1, parts.length)) {
        int line = part.indexOf('\n');
        String name = part.substring(0, line).strip();
        String body = part.substring(line + 1);
        String sql = body.split("(?m)^--- ")[0].strip();
        tests.add(
            DynamicTest.dynamicTest(
                rule + ": " + name,
                () -> {
                  List<String> plans = plans(rule, sql);
                  if (name.startsWith("not")) {
                    assertEquals(plans.get(0), plans.get(1));
                  } else {
                    assertNotEquals(plans.get(0), plans.get(1));
                  }
                  assertEquals(
                      REWRITE ? text(name, sql, plans) : "### " + part.strip(),
                      text(name, sql, plans));
                }));
        if (REWRITE) {
          rewritten.append(text(name, sql, plans(rule, sql))).append("\n\n");
        }
      }
      if (REWRITE) {
        Files.writeString(path, rewritten.toString().stripTrailing() + "\n");
      }
      return tests.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String name, String sql, List<String> plans) {
    String after = plans.get(0).equals(plans.get(1)) ? "the same" : plans.get(1).stripTrailing();
    return "### "
        + name
        + "\n"
        + sql
        + "\n--- before\n"
        + plans.get(0).stripTrailing()
        + "\n--- after\n"
        + after;
  }

  private static List<String> plans(String rule, String sql) {
    Problems problems = new Problems();
    Plan plan =
        AsWritten.compile(sql, SqlContext.of(TABLES).withAdHoc(true), problems)
            .orElseThrow(() -> new AssertionError(problems.sorted().toString()))
            .plan();
    List<UnaryOperator<Plan>> steps = RULES.getOrDefault(rule, List.of());
    Plan before = plan;
    for (UnaryOperator<Plan> step : steps.subList(0, steps.size() - 1)) {
      before = step.apply(before);
    }
    Plan after = steps.get(steps.size() - 1).apply(before);
    assertEquals(before.schema(), after.schema(), "a rule keeps the schema");
    return List.of(PlanText.of(before), PlanText.of(after));
  }
}
