package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Diagnostic;
import java.util.function.Consumer;

/** The parsers of one statement, which call each other. */
final class Grammar {

  private final Cursor cursor;
  private final Consumer<Diagnostic> problems;
  private final TypeParser types;
  private final ExpressionParser expressions;
  private final CallParser calls;
  private final SelectParser selects;
  private final FromParser from;
  private final TableFunctionParser tableFunctions;
  private final QueryParser queries;

  Grammar(Cursor cursor, Consumer<Diagnostic> problems) {
    this.cursor = cursor;
    this.problems = problems;
    this.types = new TypeParser(cursor);
    this.expressions = new ExpressionParser(this);
    this.calls = new CallParser(this);
    this.selects = new SelectParser(this);
    this.from = new FromParser(this);
    this.tableFunctions = new TableFunctionParser(this);
    this.queries = new QueryParser(this);
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

  /** Reports an error without ending the parsing of the statement, which is lost all the same. */
  void report(SyntaxException error) {
    problems.accept(error.diagnostic());
  }
}
