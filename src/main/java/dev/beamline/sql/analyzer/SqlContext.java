package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Table;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Expression;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.sql.ast.SqlStatement;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a query may refer to and how it will run.
 *
 * @param tables sources by name
 * @param queries other queries of the project, compiled, by name
 * @param functions of the project's library, visible to every query
 * @param parameters values of {@code @name}, by name without the sign
 * @param windowing the window that YAML gives; null: none
 * @param windowingPlace where YAML gives it
 * @param streaming whether the query runs without end: what needs all rows is refused
 * @param adHoc whether it is a question asked once: other queries' results are plain tables then,
 *     so that LIMIT means the whole result
 */
public record SqlContext(
    Map<String, Table> tables,
    Map<String, QueryPlan> queries,
    List<SqlStatement.CreateFunction> functions,
    Map<String, Expression.Literal> parameters,
    @Nullable WindowSpec windowing,
    @Nullable Place windowingPlace,
    boolean streaming,
    boolean adHoc) {

  public SqlContext {
    tables = Map.copyOf(tables);
    queries = Map.copyOf(queries);
    functions = List.copyOf(functions);
    parameters = Map.copyOf(parameters);
  }

  /** A batch context of these tables and nothing else. */
  public static SqlContext of(Map<String, Table> tables) {
    return new SqlContext(tables, Map.of(), List.of(), Map.of(), null, null, false, false);
  }

  public SqlContext withQueries(Map<String, QueryPlan> others) {
    return new SqlContext(
        tables, others, functions, parameters, windowing, windowingPlace, streaming, adHoc);
  }

  public SqlContext withFunctions(List<SqlStatement.CreateFunction> sharedFunctions) {
    return new SqlContext(
        tables, queries, sharedFunctions, parameters, windowing, windowingPlace, streaming, adHoc);
  }

  public SqlContext withParameters(Map<String, Expression.Literal> values) {
    return new SqlContext(
        tables, queries, functions, values, windowing, windowingPlace, streaming, adHoc);
  }

  /** With the window of YAML. */
  public SqlContext withWindowing(WindowSpec window, Place place) {
    return new SqlContext(tables, queries, functions, parameters, window, place, streaming, adHoc);
  }

  public SqlContext withStreaming(boolean isStreaming) {
    return new SqlContext(
        tables, queries, functions, parameters, windowing, windowingPlace, isStreaming, adHoc);
  }

  public SqlContext withAdHoc(boolean isAdHoc) {
    return new SqlContext(
        tables, queries, functions, parameters, windowing, windowingPlace, streaming, isAdHoc);
  }
}
