package dev.beamline.pipeline;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Table;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Values;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.execution.local.LocalExecutor;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.sql.SqlCompiler;
import dev.beamline.sql.analyzer.SqlContext;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Queries over random events, and what they give when all rows are there. */
final class SqlQueries {

  static final Schema EVENTS =
      Schema.of(
          Column.of("team", ScalarType.STRING),
          Column.of("user", ScalarType.STRING),
          Column.of("score", ScalarType.INT64),
          Column.of("price", ScalarType.NUMERIC),
          Column.of("ratio", ScalarType.FLOAT64),
          Column.of("tags", new ArrayType(ScalarType.STRING)),
          Column.of("ts", ScalarType.TIMESTAMP));

  static final int TIME = 6;

  static final Schema PLAYERS =
      Schema.of(
          Column.of("user", ScalarType.STRING),
          Column.of("country", ScalarType.STRING),
          Column.of("level", ScalarType.INT64));

  private SqlQueries() {}

  static QueryPlan compile(String name, String sql, boolean streaming, QueryPlan... others) {
    return compile(name, sql, context(streaming, others));
  }

  /** A query over a stream with a window of pipelines.yaml. */
  static QueryPlan compile(String name, String sql, WindowSpec window) {
    return compile(name, sql, context(true).withWindowing(window, TestPlans.PLACE));
  }

  static SqlContext context(boolean streaming, QueryPlan... others) {
    return SqlContext.of(
            Map.of(
                "events", new Table("events", EVENTS, TIME, !streaming),
                "clicks", new Table("clicks", EVENTS, TIME, !streaming),
                "players", new Table("players", PLAYERS, -1, true)))
        .withStreaming(streaming)
        .withQueries(
            List.of(others).stream()
                .collect(java.util.stream.Collectors.toMap(QueryPlan::name, q -> q)));
  }

  private static QueryPlan compile(String name, String sql, SqlContext context) {
    Problems problems = new Problems();
    QueryPlan plan = SqlCompiler.compile(name, name + ".sql", sql, context, problems).orElse(null);
    if (plan == null) {
      throw new IllegalArgumentException(sql + "\n" + problems.sorted());
    }
    return plan;
  }

  static List<Tuple> events(int seed, int rows, int hours) {
    Random random = new Random(seed);
    List<Tuple> events = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      List<Object> tags = new ArrayList<>();
      for (int t = random.nextInt(4); t > 0; t--) {
        tags.add("g" + random.nextInt(3));
      }
      events.add(
          Tuple.of(
              random.nextInt(20) == 0 ? null : "t" + random.nextInt(4),
              random.nextInt(20) == 0 ? null : "u" + random.nextInt(9),
              random.nextInt(10) == 0 ? null : (Object) (long) random.nextInt(100),
              random.nextInt(10) == 0
                  ? null
                  : Values.canonical(BigDecimal.valueOf(random.nextInt(10_000), 2)),
              random.nextInt(10) == 0 ? null : (Object) (random.nextInt(1000) / 8.0),
              random.nextInt(10) == 0 ? null : List.copyOf(tags),
              random.nextInt(hours * 3600) * 1_000_000L + i));
    }
    return events;
  }

  static List<Tuple> players() {
    List<Tuple> players = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      players.add(Tuple.of("u" + i, i % 3 == 0 ? null : "c" + i % 3, (long) i));
    }
    players.add(Tuple.of("u3", "twice", 30L));
    players.add(Tuple.of(null, "nobody", 0L));
    return players;
  }

  /** The rows of a plan when all are there, sorted by text. */
  static List<Tuple> expected(Plan plan, Map<String, List<Tuple>> sources) {
    return expected(plan, EVENTS, sources);
  }

  /** As {@link #expected(Plan, Map)} over other events. */
  static List<Tuple> expected(Plan plan, Schema events, Map<String, List<Tuple>> sources) {
    LocalExecutor executor =
        new LocalExecutor(
            scan -> {
              Schema all = scan.source().equals("players") ? PLAYERS : events;
              List<Tuple> rows = new ArrayList<>();
              for (Tuple row : sources.getOrDefault(scan.source(), List.of())) {
                @Nullable Object[] values = new @Nullable Object[scan.schema().size()];
                for (int i = 0; i < values.length; i++) {
                  values[i] = row.get(all.indexOf(scan.schema().name(i)));
                }
                rows.add(Tuple.of(values));
              }
              return filtered(scan, rows);
            },
            RowErrors.THROW);
    return sorted(executor.run(plan));
  }

  private static List<Tuple> filtered(Plan.Scan scan, List<Tuple> rows) {
    return scan.filter() == null
        ? rows
        : new LocalExecutor(s -> rows, RowErrors.THROW)
            .run(
                new Plan.Calc(
                    new Plan.Scan(
                        scan.source(), scan.schema(), scan.eventTime(), scan.bounded(), null),
                    scan.filter(),
                    dev.beamline.plan.Plans.identity(scan.schema()),
                    scan.schema()));
  }

  static List<Tuple> sorted(List<Tuple> rows) {
    return rows.stream().sorted(Comparator.comparing(Tuple::toString)).toList();
  }

  /** How often each row is there. */
  static Map<Tuple, Long> times(List<Tuple> rows) {
    return rows.stream().collect(Collectors.groupingBy(row -> row, Collectors.counting()));
  }
}
