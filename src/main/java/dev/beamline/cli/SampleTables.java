package dev.beamline.cli;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Table;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.local.LocalExecutor;
import dev.beamline.execution.local.SourceRows;
import dev.beamline.io.format.ValueText;
import dev.beamline.pipeline.run.TargetOptions;
import dev.beamline.plan.Plan;
import dev.beamline.report.docs.SiteModel;
import dev.beamline.sql.CompiledProject;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Some rows of each source's sample, and of each query computed from the samples. */
final class SampleTables implements SourceRows {

  private static final int SHOWN = 5;

  private final CompiledProject compiled;
  private final SampleRows samples;
  private final Map<String, List<Tuple>> read = new HashMap<>();

  SampleTables(CompiledProject compiled) {
    this.compiled = compiled;
    TargetOptions.useForFiles(compiled.project().target(null));
    samples = new SampleRows(compiled.project(), Map.of());
  }

  /**
   * By the name of the source or query. What cannot be read or computed here is left out, which is
   * said.
   */
  Map<String, SiteModel.Sample> samples(PrintWriter err) {
    Map<String, SiteModel.Sample> found = new LinkedHashMap<>();
    for (Table table : compiled.tables().values()) {
      add(found, table.name(), table.schema(), () -> all(table.name()), err);
    }
    LocalExecutor executor = new LocalExecutor(this, (row, error) -> {});
    compiled
        .plans()
        .forEach(
            (name, plan) -> add(found, name, plan.schema(), () -> executor.run(plan.plan()), err));
    return found;
  }

  private interface Reading {
    List<Tuple> rows();
  }

  private static void add(
      Map<String, SiteModel.Sample> found,
      String name,
      Schema schema,
      Reading reading,
      PrintWriter err) {
    try {
      List<Tuple> rows = reading.rows();
      List<List<String>> text = new ArrayList<>();
      for (Tuple row : rows.subList(0, Math.min(SHOWN, rows.size()))) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
          cells.add(ValueText.text(schema.type(i), row.get(i)));
        }
        text.add(cells);
      }
      found.put(name, new SiteModel.Sample(schema.names(), text));
    } catch (InvalidProjectException e) {
      // A source without a sample: there are no rows to show, nor of what reads it.
      return;
    } catch (UncheckedIOException | EvaluationException e) {
      err.println("beamline: no sample rows of " + name + ": " + e.getMessage());
    }
  }

  private List<Tuple> all(String source) {
    List<Tuple> rows = read.get(source);
    if (rows == null) {
      Schema schema = table(source).schema();
      rows = new ArrayList<>();
      for (Tuple row : samples.rows(new Plan.Scan(source, schema, -1, true, null))) {
        rows.add(row);
      }
      read.put(source, rows);
    }
    return rows;
  }

  private Table table(String source) {
    Table table = compiled.tables().get(source);
    if (table == null) {
      throw new IllegalStateException("no source " + source);
    }
    return table;
  }

  @Override
  public Iterable<Tuple> rows(Plan.Scan scan) {
    Schema schema = table(scan.source()).schema();
    int[] columns = scan.schema().names().stream().mapToInt(schema::indexOf).toArray();
    List<Tuple> rows = new ArrayList<>();
    for (Tuple row : all(scan.source())) {
      @Nullable Object[] values = new @Nullable Object[columns.length];
      for (int i = 0; i < columns.length; i++) {
        values[i] = row.get(columns[i]);
      }
      rows.add(Tuple.of(values));
    }
    return rows;
  }
}
