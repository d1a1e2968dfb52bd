package dev.beamline.sql;

import dev.beamline.catalog.Table;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Project;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A project whose queries are compiled.
 *
 * @param tables of its sources
 * @param plans of the queries that are right, by name; a query stands after those it reads
 * @param reads the queries that each query reads directly
 */
public record CompiledProject(
    Project project,
    Map<String, Table> tables,
    Map<String, QueryPlan> plans,
    Map<String, Set<String>> reads) {

  public CompiledProject {
    tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
    plans = Collections.unmodifiableMap(new LinkedHashMap<>(plans));
    reads = Collections.unmodifiableMap(new LinkedHashMap<>(reads));
  }

  /**
   * @throws IllegalArgumentException where the query is not compiled
   */
  public QueryPlan plan(String query) {
    QueryPlan plan = plans.get(query);
    if (plan == null) {
      throw new IllegalArgumentException("there is no plan of " + query);
    }
    return plan;
  }
}
