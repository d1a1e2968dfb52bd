package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.NearestName;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import java.time.Instant;
import java.util.Collection;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** What all analyzers of one statement share. */
final class Compilation {

  /**
   * Columns from here on stand for values that are computed later (aggregates, analytic functions,
   * subqueries). {@link Stage} replaces each by the column that then holds it.
   */
  static final int VIRTUAL = 1 << 24;

  private final Instant now = Instant.now();
  private final SqlContext context;
  private final Problems problems;
  private final Macros macros;
  private final IdentityHashMap<Plan, Place> planPlaces = new IdentityHashMap<>();
  private final IdentityHashMap<Expression, Reference> references = new IdentityHashMap<>();
  private final IdentityHashMap<Expression, String> images = new IdentityHashMap<>();
  private CommonTables commonTables = new CommonTables(null);
  private int virtual = VIRTUAL;
  private @Nullable Place windowPlace;

  Compilation(SqlContext context, Problems problems, Macros macros) {
    this.context = context;
    this.problems = problems;
    this.macros = macros;
  }

  /** Where a column was referred to and how. */
  record Reference(String text, Place place) {}

  SqlContext context() {
    return context;
  }

  Problems problems() {
    return problems;
  }

  Macros macros() {
    return macros;
  }

  void error(DiagnosticCode code, Place place, String message) {
    problems.add(Diagnostic.error(code, place, message));
  }

  void error(DiagnosticCode code, Place place, String message, @Nullable String hint) {
    problems.add(Diagnostic.error(code, place, message, hint));
  }

  void warning(DiagnosticCode code, Place place, String message, @Nullable String hint) {
    problems.add(Diagnostic.warning(code, place, message, hint));
  }

  /** "did you mean x?", or what else is there where that is short, or null. */
  static @Nullable String nearest(String name, Collection<String> known) {
    String near = NearestName.of(name, known).orElse(null);
    if (near != null) {
      return "did you mean " + near + "?";
    }
    return known.isEmpty() || known.size() > 12 ? null : "known are " + String.join(", ", known);
  }

  /** A column that stands for a value computed later. */
  Expression.InputColumn newVirtual(Type type) {
    return new Expression.InputColumn(virtual++, type);
  }

  static boolean isVirtual(Expression expression) {
    return expression instanceof Expression.InputColumn column && column.index() >= VIRTUAL;
  }

  /** Remembers where a column was referred to, for errors that are found later. */
  <E extends Expression> E refer(E column, String text, Place place) {
    references.put(column, new Reference(text, place));
    return column;
  }

  /** Remembers how a FLOAT64 is written, which may be more exact than it. */
  Expression.Literal written(Expression.Literal literal, String text) {
    images.put(literal, text);
    return literal;
  }

  /** A FLOAT64 as it is written; null where the expression is none. */
  @Nullable String written(Expression literal) {
    return images.get(literal);
  }

  @Nullable Reference reference(Expression column) {
    return references.get(column);
  }

  /** Remembers which clause an operator comes from, for checks of the whole plan. */
  <P extends Plan> P at(P plan, Place place) {
    planPlaces.put(plan, place);
    return plan;
  }

  @Nullable Place place(Plan plan) {
    return planPlaces.get(plan);
  }

  /** The tables of WITH that are visible where the analysis is. */
  CommonTables commonTables() {
    return commonTables;
  }

  void setCommonTables(CommonTables tables) {
    commonTables = tables;
  }

  /** When the statement began: BigQuery gives one time to all that it computes. */
  Instant now() {
    return now;
  }

  /** Notes that the SQL itself names a window; the first place counts. */
  void nameWindow(Place place) {
    if (windowPlace == null) {
      windowPlace = place;
    }
  }

  /** Where the SQL itself names a window; null: it does not. */
  @Nullable Place windowPlace() {
    return windowPlace;
  }
}
