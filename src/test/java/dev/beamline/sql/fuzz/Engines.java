package dev.beamline.sql.fuzz;

import dev.beamline.catalog.Table;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.execution.local.LocalExecutor;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.sql.AsWritten;
import dev.beamline.sql.SqlCompiler;
import dev.beamline.sql.analyzer.SqlContext;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs one query here and in DuckDB, over the same rows. */
final class Engines implements AutoCloseable {

  private final Connection connection;
  private Map<String, Table> tables = Map.of();
  private Map<String, List<Tuple>> rows = Map.of();

  Engines() throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    execute("SET threads = 1");
    execute("SET TimeZone = 'UTC'");
    execute("SET order_by_non_integer_literal = true");
  }

  /** Rows, or why there are none. */
  record Answer(@Nullable List<List<@Nullable Object>> rows, String error, boolean atRunTime) {

    static Answer of(List<List<@Nullable Object>> rows) {
      return new Answer(rows, "", false);
    }
  }

  void load(Data data) throws SQLException {
    tables = new LinkedHashMap<>();
    rows = new LinkedHashMap<>();
    for (Data.Rows each : data.tables().values()) {
      tables.put(each.name(), each.table());
      rows.put(each.name(), each.rows());
      for (String sql : each.duck()) {
        execute(sql);
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  // --- Here ------------------------------------------------------------------------------------

  /** What we answer, through all rules or as the query is written. */
  Answer ours(Query query, boolean optimized) {
    String sql = query.text(Dialect.GOOGLE);
    Problems problems = new Problems();
    SqlContext context = SqlContext.of(tables).withAdHoc(true);
    Optional<QueryPlan> plan =
        optimized
            ? SqlCompiler.compile("q", "q.sql", sql, context, problems)
            : AsWritten.compile(sql, context, problems);
    if (plan.isEmpty()) {
      return new Answer(null, problems.sorted().toString(), false);
    }
    int width = query.items().size();
    try {
      List<List<@Nullable Object>> out = new ArrayList<>();
      for (Tuple row : new LocalExecutor(this::scan, RowErrors.THROW).run(plan.get().plan())) {
        List<@Nullable Object> values = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
          values.add(plain(row.get(i)));
        }
        out.add(values);
      }
      return Answer.of(out);
    } catch (EvaluationException e) {
      return new Answer(null, String.valueOf(e.getMessage()), true);
    }
  }

  private Iterable<Tuple> scan(Plan.Scan scan) {
    Table table = Objects.requireNonNull(tables.get(scan.source()));
    int[] columns = scan.schema().names().stream().mapToInt(table.schema()::indexOf).toArray();
    return rows.getOrDefault(scan.source(), List.of()).stream()
        .map(row -> Tuple.of(Arrays.stream(columns).mapToObj(row::get).toArray()))
        .toList();
  }

  // --- There -----------------------------------------------------------------------------------

  Answer theirs(Query query) {
    StringBuilder columns = new StringBuilder();
    for (Query.Item item : query.items()) {
      columns.append(columns.isEmpty() ? "" : ", ");
      columns.append(
          switch (item.ex().type()) {
            case TIMESTAMP -> "epoch_us(" + item.name() + ")";
            case DATE -> "date_diff('day', DATE '1970-01-01', " + item.name() + ")";
            default -> item.name();
          });
    }
    String sql = "SELECT " + columns + " FROM (" + query.text(Dialect.DUCK) + ")";
    List<List<@Nullable Object>> out = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet result = statement.executeQuery(sql)) {
        int width = query.items().size();
        while (result.next()) {
          List<@Nullable Object> values = new ArrayList<>(width);
          for (int i = 1; i <= width; i++) {
            Object value = result.getObject(i);
            values.add(
                plain(
                    value instanceof java.sql.Array array
                        ? Arrays.asList((Object[]) array.getArray())
                        : value));
          }
          out.add(values);
        }
      }
    } catch (SQLException e) {
      return new Answer(null, String.valueOf(e.getMessage()), true);
    }
    return Answer.of(out);
  }

  /** Whole and exact numbers as BigDecimal without trailing zeros, others as they are. */
  private static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof Number number && number.longValue() == Integer.MIN_VALUE) {
      // What DuckDB makes of a NULL of date_trunc in ROLLUP.
      return null;
    }
    if (value instanceof Double number) {
      return number == 0 ? (Object) 0.0 : number;
    } else if (value instanceof Float number) {
      return number.doubleValue();
    } else if (value instanceof BigDecimal number) {
      return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    } else if (value instanceof BigInteger number) {
      return plain(new BigDecimal(number));
    } else if (value instanceof Number number) {
      return plain(BigDecimal.valueOf(number.longValue()));
    } else if (value instanceof List<?> list) {
      List<@Nullable Object> out = new ArrayList<>();
      list.forEach(e -> out.add(plain(e)));
      return out;
    }
    return value;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
