package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Diagnostic;
import java.util.function.Consumer;

/** The parsers of one statement, which call each other. */
final class Grammar {

  private final Cursor cursor;
  private final Consumer<Diagnostic> problems;
  private final TypeParser types;
  private final ExpressionParser expressions;
  private final OperandParser operands;
  private final PredicateParser predicates;
  private final LiteralParser literals;
  private final SpecialFormParser forms;
  private final TableParser tables;
  private final ClauseGuard clauses;
  private final AliasParser aliases;
  private final SelectListParser selectLists;
  private final GroupByParser groups;
  private final CallParser calls;
  private final SelectParser selects;
  private final FromParser from;
  private final TableFunctionParser tableFunctions;
  private final QueryParser queries;
  private final PipeParser pipes;
  private int analyticCalls;

  Grammar(Cursor cursor, Consumer<Diagnostic> problems) {
    this.cursor = cursor;
    this.problems = problems;
    this.types = new TypeParser(cursor);
    this.expressions = new ExpressionParser(this);
    this.operands = new OperandParser(this);
    this.predicates = new PredicateParser(this);
    this.literals = new LiteralParser(this);
    this.forms = new SpecialFormParser(this);
    this.tables = new TableParser(this);
    this.clauses = new ClauseGuard(this);
    this.aliases = new AliasParser(this);
    this.selectLists = new SelectListParser(this);
    this.groups = new GroupByParser(this);
    this.calls = new CallParser(this);
    this.selects = new SelectParser(this);
    this.from = new FromParser(this);
    this.tableFunctions = new TableFunctionParser(this);
    this.queries = new QueryParser(this);
    this.pipes = new PipeParser(this);
  }

  Cursor cursor() {
    return cursor;
  }

  TypeParser types() {
    return types;
  }

  ExpressionParser expressions() {
    return expressions;
  }

  OperandParser operands() {
    return operands;
  }

  PredicateParser predicates() {
    return predicates;
  }

  LiteralParser literals() {
    return literals;
  }

  SpecialFormParser forms() {
    return forms;
  }

  TableParser tables() {
    return tables;
  }

  ClauseGuard clauses() {
    return clauses;
  }

  AliasParser aliases() {
    return aliases;
  }

  SelectListParser selectLists() {
    return selectLists;
  }

  GroupByParser groups() {
    return groups;
  }

  CallParser calls() {
    return calls;
  }

  SelectParser selects() {
    return selects;
  }

  FromParser from() {
    return from;
  }

  TableFunctionParser tableFunctions() {
    return tableFunctions;
  }

  QueryParser queries() {
    return queries;
  }

  PipeParser pipes() {
    return pipes;
  }

  /** How many calls with OVER were read in the running query. */
  int analyticCalls() {
    return analyticCalls;
  }

  void analyticCalls(int count) {
    analyticCalls = count;
  }

  /** Reports an error without ending the parsing of the statement, which is lost all the same. */
  void report(SyntaxException error) {
    problems.accept(error.diagnostic());
  }
}
