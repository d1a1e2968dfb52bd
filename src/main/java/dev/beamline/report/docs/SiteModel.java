package dev.beamline.report.docs;

import dev.beamline.catalog.Schema;
import dev.beamline.plan.Lineage;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Project;
import dev.beamline.report.graph.BoxGraph;
import dev.beamline.sql.CompiledProject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the site tells.
 *
 * @param compiled the project; a query that does not compile has no plan
 * @param samples some rows of a source or query, already as text, by its name
 * @param graphs the Beam graph of a pipeline, by its name; one that cannot be built here is missing
 */
public record SiteModel(
    CompiledProject compiled, Map<String, Sample> samples, Map<String, BoxGraph> graphs) {

  public SiteModel {
    samples = Map.copyOf(samples);
    graphs = Map.copyOf(graphs);
  }

  Project project() {
    return compiled.project();
  }

  Map<String, QueryPlan> plans() {
    return compiled.plans();
  }

  /** Rows as text, to show what they look like. */
  public record Sample(List<String> columns, List<List<String>> rows) {
    public Sample {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  /** Table by table: what each query reads by name. Sources read nothing. */
  Map<String, Set<String>> tableLineage() {
    Map<String, Set<String>> inputs = new TreeMap<>();
    project().sources().keySet().forEach(source -> inputs.put(source, Set.of()));
    project()
        .queries()
        .keySet()
        .forEach(
            name -> {
              Set<String> reads = new TreeSet<>();
              QueryPlan plan = plans().get(name);
              if (plan != null) {
                reads(plan.plan(), reads);
              }
              inputs.put(name, reads);
            });
    return inputs;
  }

  Map<String, String> hrefs(String toRoot) {
    Map<String, String> hrefs = new LinkedHashMap<>();
    project().sources().keySet().forEach(n -> hrefs.put(n, toRoot + "source/" + n + ".html"));
    project().queries().keySet().forEach(n -> hrefs.put(n, toRoot + "query/" + n + ".html"));
    return hrefs;
  }

  Optional<Schema> schema(String query) {
    return Optional.ofNullable(plans().get(query)).map(QueryPlan::schema);
  }

  /** Origins of each column of a query. */
  List<Set<Lineage.Origin>> origins(String query) {
    QueryPlan plan = plans().get(query);
    return plan == null ? List.of() : Lineage.of(plan.plan());
  }

  private static void reads(Plan plan, Set<String> found) {
    if (plan instanceof Plan.Scan scan) {
      found.add(scan.source());
    } else if (plan instanceof Plan.QueryResult result) {
      found.add(result.query());
    } else {
      plan.inputs().forEach(input -> reads(input, found));
    }
  }
}
