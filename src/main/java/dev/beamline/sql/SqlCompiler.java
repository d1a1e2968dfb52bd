package dev.beamline.sql;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.sql.analyzer.SqlContext;
import dev.beamline.sql.analyzer.StatementAnalyzer;
import dev.beamline.sql.ast.SqlStatement;
import dev.beamline.sql.parser.ParsedFile;
import dev.beamline.sql.parser.SqlParser;
import dev.beamline.sql.rule.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From the text of a query to its plan. */
public final class SqlCompiler {

  private SqlCompiler() {}

  /**
   * Compiles a query file: one SELECT, and functions before it.
   *
   * @param file for places, relative to the project's folder
   * @param problems gets all that is wrong
   * @return empty where an error was found
   */
  public static Optional<QueryPlan> compile(
      String queryName, String file, String text, SqlContext context, Problems problems) {
    return compileAsWritten(queryName, file, text, context, problems).map(SqlCompiler::optimized);
  }

  /** The same without the rules that make plans cheaper. */
  static Optional<QueryPlan> compileAsWritten(
      String queryName, String file, String text, SqlContext context, Problems problems) {
    Problems own = new Problems();
    ParsedFile parsed = SqlParser.parse(file, text, own);
    List<SqlStatement.CreateFunction> functions = new ArrayList<>();
    SqlStatement.Query query = null;
    for (SqlStatement statement : parsed.statements()) {
      if (statement instanceof SqlStatement.CreateFunction function) {
        if (query != null) {
          own.add(
              Diagnostic.error(
                  DiagnosticCode.SQL_INVALID,
                  function.place(),
                  "CREATE FUNCTION stands behind the SELECT",
                  "put it before"));
        }
        functions.add(function);
      } else if (statement instanceof SqlStatement.Query select) {
        if (query != null) {
          own.add(
              Diagnostic.error(
                  DiagnosticCode.SQL_MULTIPLE_STATEMENTS,
                  select.place(),
                  "a query file holds one SELECT; the first is at " + query.place(),
                  "put each into a file of its own"));
        } else {
          query = select;
        }
      }
    }
    Optional<QueryPlan> plan = Optional.empty();
    if (query != null) {
      plan = StatementAnalyzer.analyze(queryName, query, functions, context, own);
    } else if (!own.hasErrors()) {
      own.add(
          Diagnostic.error(
              DiagnosticCode.SQL_SYNTAX, Place.ofFile(file), "there is no SELECT in this file"));
    }
    problems.addAll(own.sorted());
    return own.hasErrors() ? Optional.empty() : plan;
  }

  private static QueryPlan optimized(QueryPlan query) {
    Plan plan = Optimizer.optimize(query.plan());
    return new QueryPlan(
        query.name(), plan, query.window(), StatementAnalyzer.key(plan, query.window()));
  }

  /**
   * Compiles one parsed SELECT of an ad hoc query.
   *
   * @param functions that statements before it have created
   * @return empty where an error was found
   */
  public static Optional<QueryPlan> compileStatement(
      String name,
      SqlStatement.Query statement,
      List<SqlStatement.CreateFunction> functions,
      SqlContext context,
      Problems problems) {
    Problems own = new Problems();
    Optional<QueryPlan> plan = StatementAnalyzer.analyze(name, statement, functions, context, own);
    problems.addAll(own.sorted());
    return own.hasErrors() ? Optional.empty() : plan.map(SqlCompiler::optimized);
  }
}
