package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.diagnostic.Severity;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanKeys;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.Plans;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.sql.ast.SqlStatement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A whole SELECT statement to its plan: names its columns, shows its window, finds its key. */
public final class StatementAnalyzer {

  private static final String START = "window_start";
  private static final String END = "window_end";

  private final Compilation compilation;
  private final SqlStatement.Query statement;

  private StatementAnalyzer(Compilation compilation, SqlStatement.Query statement) {
    this.compilation = compilation;
    this.statement = statement;
  }

  /**
   * Analyzes a statement.
   *
   * @param functions of the same file
   * @param problems gets what is wrong; must be empty
   */
  public static Optional<QueryPlan> analyze(
      String name,
      SqlStatement.Query statement,
      List<SqlStatement.CreateFunction> functions,
      SqlContext context,
      Problems problems) {
    Macros macros = Macros.of(context.functions(), functions, problems);
    Compilation compilation = new Compilation(context, problems, macros);
    return new StatementAnalyzer(compilation, statement).analyze(name);
  }

  private Optional<QueryPlan> analyze(String name) {
    Relation relation =
        new QueryAnalyzer(compilation, new ExpressionAnalyzer(compilation), null)
            .analyze(statement.query(), true);
    if (relation.failed() || compilation.problems().hasErrors()) {
      return Optional.empty();
    }
    Relation inWindows = withWindow(relation);
    if (!compilation.context().adHoc() && !compilation.problems().hasErrors()) {
      inWindows =
          inWindows.withPlan(
              new SessionRows(compilation, statement.place()).apply(inWindows.plan()));
    }
    if (compilation.context().streaming() && !compilation.problems().hasErrors()) {
      new StreamingCheck(compilation, statement.place()).check(inWindows.plan());
    }
    Relation named = named(inWindows);
    if (named == null || compilation.problems().hasErrors()) {
      return Optional.empty();
    }
    Plan plan = named.plan();
    PlanTraits traits = PlanTraits.of(plan);
    QueryPlan.ResultWindow window = null;
    if (hasWindow(traits)) {
      int start = shown(plan, traits.starts(), START);
      int end = shown(plan, traits.ends(), END);
      if (start < 0 || end < 0) {
        return Optional.empty();
      }
      window = new QueryPlan.ResultWindow(Objects.requireNonNull(traits.window()), start, end);
    } else if (compilation.context().windowing() instanceof WindowSpec.Global all
        && !traits.windowed()
        && groups(plan)) {
      window = new QueryPlan.ResultWindow(all, -1, -1);
    }
    return compilation.problems().hasErrors()
        ? Optional.empty()
        : Optional.of(new QueryPlan(name, plan, window, key(plan, window)));
  }

  /** Whether rows are brought together, so that a result can change when more come. */
  private static boolean groups(Plan plan) {
    return plan instanceof Plan.Aggregate
        || plan instanceof Plan.Limit
        || plan.inputs().stream().anyMatch(StatementAnalyzer::groups);
  }

  /** Puts the window of pipelines.yaml into the plan, or reports that the SQL has one, too. */
  private Relation withWindow(Relation relation) {
    WindowSpec window = compilation.context().windowing();
    if (window == null) {
      return relation;
    }
    Place given = compilation.context().windowingPlace();
    Place yaml = given == null ? statement.place() : given;
    Place sql = compilation.windowPlace();
    if (sql != null) {
      compilation.error(
          DiagnosticCode.WINDOW_CONFLICT,
          sql,
          "the SQL names a window here, and pipelines.yaml names one at " + yaml,
          "take one of them away; trigger and lateness may stay in pipelines.yaml");
      compilation
          .problems()
          .add(
              new Diagnostic(
                  DiagnosticCode.WINDOW_CONFLICT,
                  Severity.NOTE,
                  yaml,
                  "the other window is here; the SQL names one at " + sql,
                  null));
      return relation;
    }
    return window instanceof WindowSpec.Global
        ? relation
        : relation.withPlan(
            new WindowPropagation(compilation, window, yaml).apply(relation.plan()));
  }

  /**
   * Whether the result is one of windows. To a question asked once, another query's result is a
   * plain table: what it asks for is what it gets.
   */
  private boolean hasWindow(PlanTraits traits) {
    boolean plainTables = compilation.context().adHoc() && compilation.windowPlace() == null;
    return traits.windowed() && !(traits.window() instanceof WindowSpec.Global) && !plainTables;
  }

  /** The key of a plan's rows, which names the window by the columns that every result has. */
  public static List<Integer> key(Plan plan, QueryPlan.@Nullable ResultWindow window) {
    PlanTraits traits = PlanTraits.of(plan);
    Set<Integer> key = new TreeSet<>();
    for (int column : PlanKeys.of(plan)) {
      if (window != null && traits.starts().contains(column)) {
        key.add(window.start());
      } else if (window != null && traits.ends().contains(column)) {
        key.add(window.end());
      } else {
        key.add(column);
      }
    }
    return List.copyOf(key);
  }

  /** The result with a name of its own for each column; null where two have the same. */
  private @Nullable Relation named(Relation given) {
    Relation relation = spread(given);
    Plan plan = relation.plan();
    List<Column> columns = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    relation.columns().forEach(c -> seen.add(c.name().toLowerCase(Locale.ROOT)));
    Set<String> used = new LinkedHashSet<>();
    boolean duplicate = false;
    int anonymous = 0;
    for (int i = 0; i < relation.visible(); i++) {
      Column column = plan.schema().column(i);
      String name = column.name();
      if (name.isEmpty()) {
        do {
          name = "f" + anonymous++ + "_";
        } while (seen.contains(name));
      } else if (!used.add(name.toLowerCase(Locale.ROOT))) {
        Place place = i < relation.places().size() ? relation.places().get(i) : statement.place();
        compilation.error(
            DiagnosticCode.SQL_DUPLICATE_COLUMN,
            place,
            "the result has two columns named " + name,
            "give one of them an alias, or leave it out with * EXCEPT (" + name + ")");
        duplicate = true;
      }
      columns.add(new Column(name, column.type(), column.required(), column.description()));
    }
    if (duplicate) {
      return null;
    }
    PlanTraits traits = PlanTraits.of(plan);
    List<Expression> projections = new ArrayList<>();
    for (int i = 0; i < relation.visible(); i++) {
      projections.add(Plans.column(plan, i));
    }
    if (hasWindow(traits)) {
      show(plan, traits.starts(), START, columns, projections);
      show(plan, traits.ends(), END, columns, projections);
    }
    Schema schema = new Schema(columns);
    return relation.withPlan(
        schema.equals(plan.schema()) ? plan : new Plan.Calc(plan, null, projections, schema));
  }

  /** Adds a bound of the window unless a column has its name. */
  private static void show(
      Plan plan,
      Set<Integer> holders,
      String name,
      List<Column> columns,
      List<Expression> projections) {
    if (columns.stream().noneMatch(c -> c.name().equalsIgnoreCase(name))) {
      columns.add(Column.of(name, ScalarType.TIMESTAMP));
      projections.add(Plans.column(plan, holders.iterator().next()));
    }
  }

  /** The column of that name, which must hold the window's bound; -1 where it does not. */
  private int shown(Plan plan, Set<Integer> holders, String name) {
    int column = plan.schema().indexOf(name);
    if (holders.contains(column)) {
      return column;
    }
    compilation.error(
        DiagnosticCode.SQL_DUPLICATE_COLUMN,
        statement.place(),
        "column " + name + " is not the " + name.replace("window_", "") + " of the result's window",
        "give it another alias: every windowed result has " + name);
    return -1;
  }

  /** The fields of SELECT AS STRUCT as columns. */
  private static Relation spread(Relation relation) {
    if (!relation.value() || !(relation.plan().schema().type(0) instanceof StructType struct)) {
      return relation;
    }
    Plan plan = relation.plan();
    List<Expression> projections = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < struct.fields().size(); i++) {
      projections.add(
          new Expression.Field(Plans.column(plan, 0), i, struct.fields().get(i).type()));
      columns.add(struct.fields().get(i));
      places.add(relation.places().get(0));
    }
    for (int i = 1; i < plan.schema().size(); i++) {
      projections.add(Plans.column(plan, i));
      columns.add(plan.schema().column(i));
    }
    return Relation.of(
        new Plan.Calc(plan, null, projections, new Schema(columns)),
        struct.fields().size(),
        places);
  }
}
