package dev.beamline.sql.parser;

import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlStatement;
import dev.beamline.sql.ast.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parses one statement: a query or CREATE FUNCTION. All others are refused by name. */
final class StatementParser {

  private static final Set<String> OTHER_STATEMENTS =
      Set.of(
          "ALTER",
          "ANALYZE",
          "ASSERT",
          "BEGIN",
          "BREAK",
          "CALL",
          "CLONE",
          "COMMIT",
          "CONTINUE",
          "DECLARE",
          "DEFINE",
          "DELETE",
          "DESC",
          "DESCRIBE",
          "DROP",
          "END",
          "EXECUTE",
          "EXPLAIN",
          "EXPORT",
          "FOR",
          "GRANT",
          "IF",
          "IMPORT",
          "INSERT",
          "ITERATE",
          "LEAVE",
          "LOAD",
          "LOOP",
          "MERGE",
          "MODULE",
          "RAISE",
          "REFRESH",
          "RENAME",
          "REPEAT",
          "REPLACE",
          "RETURN",
          "REVOKE",
          "ROLLBACK",
          "RUN",
          "SET",
          "SHOW",
          "START",
          "TRUNCATE",
          "UNDROP",
          "UPDATE",
          "USE",
          "WHILE");

  private static final List<String> STARTS = List.of("SELECT", "WITH", "CREATE", "VALUES");

  private final Grammar grammar;
  private final Cursor cursor;

  StatementParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  SqlStatement statement() {
    Token first = cursor.peek();
    if (first.isWord("CREATE")) {
      return createFunction();
    }
    boolean call = cursor.peek(1).is(Token.Kind.SYMBOL) && !cursor.peek(1).isSymbol("(");
    if (OTHER_STATEMENTS.contains(first.upper()) && !call) {
      throw cursor.unsupported(
          first,
          first.upper() + " statements are not supported",
          "A query file holds CREATE FUNCTION statements and one SELECT; tables are written by"
              + " the sinks of pipelines.yaml");
    }
    boolean query =
        first.isWord("SELECT")
            || first.isWord("WITH")
            || first.isWord("FROM")
            || first.isSymbol("(")
            || grammar.queries().startsValues(cursor.position());
    if (!query) {
      throw cursor.expected("SELECT, WITH or CREATE FUNCTION", STARTS);
    }
    SqlStatement statement = new SqlStatement.Query(grammar.queries().query());
    end();
    return statement;
  }

  private void end() {
    if (cursor.atEnd()) {
      return;
    }
    if (cursor.isSymbol(")")) {
      throw cursor.syntax(cursor.peek(), "Found \")\" without a \"(\" before it", "Remove it");
    }
    SyntaxException error = cursor.expected("the end of the statement", List.of());
    Token found = cursor.peek();
    boolean statement = found.isWord("SELECT") || found.isWord("WITH") || found.isWord("CREATE");
    throw statement
        ? cursor.syntax(found, error.diagnostic().message(), "Put a semicolon between statements")
        : error;
  }

  private SqlStatement createFunction() {
    Token create = cursor.next();
    if (cursor.acceptWord("OR")) {
      cursor.expectWord("REPLACE");
    }
    if (!cursor.acceptWord("TEMP")) {
      cursor.acceptWord("TEMPORARY");
    }
    if (!cursor.peek().is(Token.Kind.WORD) && !cursor.peek().is(Token.Kind.KEYWORD)) {
      throw cursor.expected("FUNCTION", List.of());
    }
    if (!cursor.isWord("FUNCTION")) {
      throw cursor.unsupported(
          cursor.peek(),
          "CREATE " + cursor.peek().upper() + " is not supported",
          "Only CREATE FUNCTION is; tables are written by the sinks of pipelines.yaml");
    }
    cursor.next();
    if (cursor.isWord("IF")) {
      cursor.next();
      cursor.expectWord("NOT");
      cursor.expectWord("EXISTS");
    }
    Identifier name = functionName();
    List<SqlStatement.Parameter> parameters = parameters(name);
    SqlType returns = cursor.acceptWord("RETURNS") ? grammar.types().type() : null;
    refuseLanguage();
    cursor.expectWord("AS");
    SqlExpression body = body(name);
    options();
    end();
    return new SqlStatement.CreateFunction(name, parameters, returns, body, cursor.place(create));
  }

  /** A dotted name is kept as one. */
  private Identifier functionName() {
    Token first = cursor.peek();
    Identifier name = cursor.identifier("the name of a function");
    StringBuilder text = new StringBuilder(name.name());
    while (cursor.acceptSymbol(".")) {
      text.append('.').append(cursor.identifier("the name of a function").name());
    }
    return new Identifier(text.toString(), cursor.place(first, cursor.previous()));
  }

  private List<SqlStatement.Parameter> parameters(Identifier function) {
    if (!cursor.isSymbol("(")) {
      throw cursor.syntax(
          cursor.peek(),
          "Expected \"(\" but found " + cursor.describe(cursor.peek()),
          "Write " + function.name() + "(x INT64) AS (x + 1)");
    }
    Token opening = cursor.next();
    List<SqlStatement.Parameter> parameters = new ArrayList<>();
    if (!cursor.isSymbol(")")) {
      do {
        parameters.add(parameter());
      } while (cursor.acceptSymbol(","));
    }
    cursor.closeList(opening);
    return parameters;
  }

  private SqlStatement.Parameter parameter() {
    Identifier name = cursor.identifier("the name of a parameter");
    if (cursor.isSymbol(",") || cursor.isSymbol(")")) {
      throw cursor.syntax(
          cursor.peek(),
          "The parameter " + name.name() + " has no type",
          "Write " + name.name() + " INT64, or " + name.name() + " ANY TYPE");
    }
    SqlType type = null;
    if (cursor.acceptWord("ANY")) {
      cursor.expectWord("TYPE");
    } else {
      type = grammar.types().type();
    }
    if (cursor.isWord("DEFAULT")) {
      throw cursor.unsupported(
          cursor.peek(), "Defaults of parameters are not supported", "Use IFNULL in the body");
    }
    return new SqlStatement.Parameter(name, type);
  }

  private void refuseLanguage() {
    Token word = cursor.peek();
    if (word.isWord("LANGUAGE")
        || word.isWord("DETERMINISTIC")
        || word.isWord("REMOTE")
        || word.isWord("NOT")) {
      throw cursor.unsupported(
          word,
          word.isWord("LANGUAGE")
              ? "Functions in " + cursor.peek(1).text() + " are not supported"
              : "Functions in other languages than SQL are not supported",
          "Write the body in SQL: AS (expression)");
    }
  }

  private SqlExpression body(Identifier name) {
    if (!cursor.isSymbol("(")) {
      throw cursor.syntax(
          cursor.peek(),
          "Expected \"(\" but found " + cursor.describe(cursor.peek()),
          "The body of " + name.name() + " stands in parentheses: AS (expression)");
    }
    Token opening = cursor.next();
    if (cursor.isWord("SELECT") || cursor.isWord("WITH")) {
      throw cursor.syntax(
          cursor.peek(),
          "The body of a function is an expression, not a query",
          "Put the query in parentheses of its own: AS ((SELECT ...))");
    }
    SqlExpression body = grammar.expressions().expression();
    cursor.close(opening);
    return body;
  }

  /** {@code OPTIONS (description = '...')} is for people; nothing follows from it. */
  private void options() {
    if (!cursor.acceptWord("OPTIONS")) {
      return;
    }
    Token opening = cursor.expectSymbol("(");
    if (!cursor.isSymbol(")")) {
      do {
        cursor.identifier("the name of an option");
        cursor.expectSymbol("=");
        grammar.expressions().expression();
      } while (cursor.acceptSymbol(","));
    }
    cursor.closeList(opening);
  }
}
