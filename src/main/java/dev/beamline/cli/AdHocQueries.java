package dev.beamline.cli;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.execution.local.LocalExecutor;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Hints;
import dev.beamline.project.ParameterValue;
import dev.beamline.project.Project;
import dev.beamline.sql.ProjectCompiler;
import dev.beamline.sql.SqlCompiler;
import dev.beamline.sql.TableReferences;
import dev.beamline.sql.analyzer.SqlContext;
import dev.beamline.sql.ast.SqlStatement;
import dev.beamline.sql.parser.ParsedFile;
import dev.beamline.sql.parser.ParsedStatement;
import dev.beamline.sql.parser.SqlParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers statements one by one, each of which sees the functions that those before it created. The
 * project is read when a statement first names a table; one that names none needs no project.
 */
final class AdHocQueries {

  private final Path folder;
  private final @Nullable String target;
  private final List<ParameterValue> parameters;
  private final Map<String, Path> inputs;
  private final List<SqlStatement.CreateFunction> functions = new ArrayList<>();
  private final List<Diagnostic> notes = new ArrayList<>();
  private @Nullable AdHocTables tables;

  AdHocQueries(
      Path folder,
      @Nullable String target,
      List<ParameterValue> parameters,
      Map<String, Path> inputs) {
    this.folder = folder;
    this.target = target;
    this.parameters = parameters;
    this.inputs = inputs;
  }

  /** A statement and its number, from 1. */
  record Statement(int number, ParsedStatement parsed) {}

  List<Statement> statements(String name, String text) {
    Problems problems = new Problems();
    ParsedFile file = SqlParser.parse(name, text, problems);
    List<Statement> statements = new ArrayList<>();
    for (ParsedStatement parsed : file.parsed()) {
      statements.add(new Statement(statements.size() + 1, parsed));
    }
    if (statements.isEmpty()) {
      throw problems.hasErrors()
          ? new InvalidProjectException(problems.sorted())
          : new UserException("there is no statement in the SQL");
    }
    return statements;
  }

  /** What the user should know beside the answers. */
  List<Diagnostic> notes() {
    return notes;
  }

  Answer answer(Statement statement) {
    SqlStatement parsed = statement.parsed().statement();
    Place place = statement.parsed().place();
    if (parsed == null) {
      return new Answer.Wrong(statement.parsed().problems());
    }
    if (parsed instanceof SqlStatement.CreateFunction function) {
      functions.add(function);
      return new Answer.Done();
    }
    try {
      return rows((SqlStatement.Query) parsed);
    } catch (InvalidProjectException e) {
      return new Answer.Wrong(e.diagnostics());
    } catch (EvaluationException e) {
      return wrong(
          DiagnosticCode.EVALUATION_ERROR,
          e.place() == null ? place : e.place(),
          String.valueOf(e.getMessage()));
    } catch (UncheckedIOException e) {
      return wrong(DiagnosticCode.FILE_NOT_READABLE, place, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return wrong(DiagnosticCode.FILE_NOT_READABLE, place, String.valueOf(e.getMessage()));
    } catch (RuntimeException | StackOverflowError e) {
      return new Answer.Fault("this is a fault of Beamline: " + e, e);
    }
  }

  private static Answer wrong(DiagnosticCode code, Place place, @Nullable String message) {
    return new Answer.Wrong(List.of(Diagnostic.error(code, place, String.valueOf(message))));
  }

  private Answer rows(SqlStatement.Query query) throws IOException {
    Problems problems = new Problems();
    Set<String> names = TableReferences.of(List.of(query)).keySet();
    AdHocTables known = tables(!names.isEmpty());
    SqlContext context =
        SqlContext.of(known.tables(names))
            .withAdHoc(true)
            .withFunctions(known.sharedFunctions())
            .withQueries(known.queries(names, problems))
            .withParameters(ProjectCompiler.literals(parameters, problems));
    problems.throwIfErrors();
    Optional<QueryPlan> plan =
        SqlCompiler.compileStatement("query", query, functions, context, problems);
    if (plan.isEmpty()) {
      return new Answer.Wrong(
          problems.sorted().stream().map(wrong -> withTables(wrong, query, known)).toList());
    }
    notes.addAll(problems.sorted());
    LocalExecutor executor = new LocalExecutor(known, RowErrors.THROW);
    return new Answer.Rows(plan.get().schema(), executor.run(plan.get().plan()));
  }

  /** The nearest name among all that can be read. */
  private static Diagnostic withTables(
      Diagnostic wrong, SqlStatement.Query query, AdHocTables known) {
    if (wrong.code() != DiagnosticCode.SQL_UNKNOWN_TABLE) {
      return wrong;
    }
    return TableReferences.of(List.of(query)).entrySet().stream()
        .filter(reference -> reference.getValue().equals(wrong.place()))
        .findFirst()
        .map(reference -> Hints.of(reference.getKey(), known.names()))
        .map(hint -> Diagnostic.error(wrong.code(), wrong.place(), wrong.message(), hint))
        .orElse(wrong);
  }

  /** How many records of each source did not fit its columns and were left out. */
  Map<String, Long> refused() {
    return tables == null ? Map.of() : tables.refused();
  }

  /** The project's tables; of a statement that needs none, an invalid project counts as none. */
  private AdHocTables tables(boolean needed) {
    AdHocTables known = tables;
    if (known == null) {
      Problems problems = new Problems();
      boolean exists = Files.exists(folder.resolve(Project.FILE)) || !Files.isDirectory(folder);
      Project project = exists ? ProjectLoader.read(folder, problems) : null;
      if (needed) {
        problems.throwIfErrors();
      } else if (problems.hasErrors()) {
        return AdHocTables.none();
      }
      known = project == null ? AdHocTables.none() : AdHocTables.of(project, target, inputs);
      tables = known;
    }
    return known;
  }
}
