package dev.beamline.project;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Two queries that would write one table or file. */
final class SinkConflicts {

  private SinkConflicts() {}

  static void check(Collection<Query> queries, Problems problems) {
    Map<String, Query> owners = new HashMap<>();
    for (Query query : queries) {
      String table = identity(query.sink());
      Query first = table == null ? null : owners.putIfAbsent(table, query);
      if (first != null) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.SINK_CONFLICT,
                query.yaml() != null ? query.yaml() : Place.ofFile(query.file().path()),
                "the queries \""
                    + first.name()
                    + "\" and \""
                    + query.name()
                    + "\" both write "
                    + describe(query.sink()),
                "give one of them another table or path"));
      }
    }
  }

  /** What only one query may write; null: more may. */
  private static @Nullable String identity(Sink sink) {
    if (sink instanceof Sink.BigQuery table) {
      return "bigquery " + table.qualifiedName();
    }
    if (sink instanceof Sink.DuckDb table) {
      Located<String> path = table.path();
      return "duckdb "
          + (path == null ? "" : path.value())
          + " "
          + table.table().toLowerCase(Locale.ROOT);
    }
    return sink instanceof Sink.Files files ? "files " + files.path().value() : null;
  }

  private static String describe(Sink sink) {
    if (sink instanceof Sink.BigQuery table) {
      return "the table " + table.qualifiedName();
    }
    return sink instanceof Sink.Files files
        ? "the file " + files.path().value()
        : "the table " + sink.table();
  }
}
