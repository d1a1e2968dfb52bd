package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Parses table functions in FROM: {@code TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL 1 HOUR))}.
 */
final class TableFunctionParser {

  private final Grammar grammar;
  private final Cursor cursor;

  TableFunctionParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  /** {@code TABLE(f(...)) alias}. */
  SqlQuery.FromItem inTable() {
    cursor.next();
    Token opening = cursor.next();
    Token first = cursor.peek();
    List<Identifier> path = path();
    Place place = cursor.place(first, cursor.previous());
    if (!cursor.isSymbol("(")) {
      throw cursor.syntax(
          first,
          "TABLE(...) takes a table function",
          "Write for example TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL 1 HOUR))");
    }
    List<SqlQuery.TableArgument> arguments = arguments();
    cursor.close(opening);
    return finish(path, arguments, place);
  }

  /** {@code f(...) alias}; the name is already read. */
  SqlQuery.FromItem bare(List<Identifier> path, Token first) {
    Place place = cursor.place(first, cursor.previous());
    return finish(path, arguments(), place);
  }

  /** {@code CALL f(...) alias} as a pipe operator: the input is the first argument. */
  SqlQuery.FromItem piped(SqlQuery.FromItem input) {
    Token first = cursor.peek();
    List<Identifier> path = path();
    Place place = cursor.place(first, cursor.previous());
    if (!cursor.isSymbol("(")) {
      throw cursor.expected("\"(\"", List.of());
    }
    List<SqlQuery.TableArgument> arguments = new ArrayList<>();
    arguments.add(new SqlQuery.TableArgument(null, new SqlQuery.InputTable(input, List.of())));
    arguments.addAll(arguments());
    return finish(path, arguments, place);
  }

  private SqlQuery.FromItem finish(
      List<Identifier> path, List<SqlQuery.TableArgument> arguments, Place place) {
    grammar.tables().refuseSuffix();
    Identifier alias = grammar.aliases().alias("an alias");
    if (alias != null && cursor.isSymbol("(")) {
      throw cursor.unsupported(
          cursor.peek(),
          "The columns of a table function cannot be renamed behind its alias",
          "Rename them in the SELECT list");
    }
    return new SqlQuery.TableFunction(name(path), arguments, alias, place);
  }

  private static String name(List<Identifier> path) {
    return path.stream()
        .map(part -> part.name().toUpperCase(Locale.ROOT))
        .collect(Collectors.joining("."));
  }

  private List<Identifier> path() {
    List<Identifier> path = new ArrayList<>();
    path.add(cursor.identifier("a name"));
    while (cursor.acceptSymbol(".")) {
      path.add(cursor.identifier("a name"));
    }
    return path;
  }

  private List<SqlQuery.TableArgument> arguments() {
    cursor.enter();
    try {
      return argumentList();
    } finally {
      cursor.leave();
    }
  }

  private List<SqlQuery.TableArgument> argumentList() {
    Token opening = cursor.next();
    List<SqlQuery.TableArgument> arguments = new ArrayList<>();
    if (!cursor.isSymbol(")")) {
      do {
        arguments.add(argument());
      } while (cursor.acceptSymbol(","));
    }
    cursor.closeList(opening);
    return arguments;
  }

  private SqlQuery.TableArgument argument() {
    if (cursor.peek().isIdentifier() && cursor.peek(1).isSymbol("=>")) {
      String name = cursor.identifier("the name of an argument").name();
      cursor.next();
      return new SqlQuery.TableArgument(name.toUpperCase(Locale.ROOT), value());
    }
    return new SqlQuery.TableArgument(null, value());
  }

  private SqlQuery.TableArgumentValue value() {
    Token token = cursor.peek();
    if (token.isWord("TABLE") && cursor.peek(1).isIdentifier()) {
      cursor.next();
      Token first = cursor.peek();
      List<Identifier> path = path();
      Place place = cursor.place(first, cursor.previous());
      return input(
          cursor.isSymbol("(")
              ? new SqlQuery.TableFunction(name(path), arguments(), null, place)
              : new SqlQuery.TableName(path, null, null));
    }
    if (token.isSymbol("(") && grammar.queries().isQueryInParentheses(cursor.position())) {
      SqlQuery query = grammar.queries().parenthesized();
      return input(new SqlQuery.Subquery(query, null, List.of(), cursor.place(token)));
    }
    if (token.isWord("DESCRIPTOR") && cursor.peek(1).isSymbol("(")) {
      cursor.next();
      Token opening = cursor.next();
      List<Identifier> columns = new ArrayList<>();
      do {
        columns.add(cursor.identifier("the name of a column"));
      } while (cursor.acceptSymbol(","));
      cursor.closeList(opening);
      return new SqlQuery.Descriptor(columns, cursor.place(token));
    }
    return new SqlQuery.ScalarArgument(grammar.expressions().expression());
  }

  private SqlQuery.InputTable input(SqlQuery.FromItem table) {
    List<SqlExpression> partitionBy = new ArrayList<>();
    if (cursor.acceptWord("PARTITION")) {
      cursor.expectWord("BY");
      partition(partitionBy);
    }
    if (cursor.isWord("ORDER")) {
      throw cursor.unsupported(
          cursor.peek(), "ORDER BY in the argument of a table function is not supported", null);
    }
    return new SqlQuery.InputTable(table, partitionBy);
  }

  /** {@code a}, {@code (a, b)}, and {@code a, b} as far as plain names go. */
  private void partition(List<SqlExpression> partitionBy) {
    boolean listed = cursor.isSymbol("(");
    SqlExpression first = grammar.expressions().expression();
    if (first instanceof SqlExpression.StructConstructor tuple
        && tuple.type() == null
        && tuple.names().stream().allMatch(String::isEmpty)) {
      partitionBy.addAll(tuple.values());
      return;
    }
    partitionBy.add(first);
    while (!listed && cursor.isSymbol(",") && isPlainName(1)) {
      cursor.next();
      partitionBy.add(grammar.expressions().expression());
    }
  }

  private boolean isPlainName(int distance) {
    int i = distance;
    if (!cursor.peek(i).isIdentifier()) {
      return false;
    }
    while (cursor.peek(i + 1).isSymbol(".") && cursor.peek(i + 2).isIdentifier()) {
      i += 2;
    }
    return cursor.peek(i + 1).isSymbol(",") || cursor.peek(i + 1).isSymbol(")");
  }
}
