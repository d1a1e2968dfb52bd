package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlQuery;
import dev.beamline.sql.ast.SqlQuery.FromItem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses one item of FROM: a table, a subquery, UNNEST, a table function, a join in parentheses.
 */
final class TableParser {

  private final Grammar grammar;
  private final Cursor cursor;
  private final PivotParser pivots;

  TableParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
    this.pivots = new PivotParser(grammar);
  }

  /** PIVOT and UNPIVOT. */
  PivotParser pivots() {
    return pivots;
  }

  FromItem item() {
    cursor.enter();
    try {
      FromItem item = bareItem();
      while (pivots.isHere()) {
        item = pivots.parse(item);
      }
      refuseSuffix();
      return item;
    } finally {
      cursor.leave();
    }
  }

  private FromItem bareItem() {
    Token token = cursor.peek();
    if (token.isSymbol("(")) {
      return grammar.queries().isQueryInParentheses(cursor.position()) ? subquery() : nested();
    }
    if (token.isWord("UNNEST")) {
      return unnest();
    }
    if (token.isWord("LATERAL")) {
      throw cursor.unsupported(
          token,
          "LATERAL is not part of GoogleSQL",
          "An array of the row to the left is read with CROSS JOIN UNNEST(t.array)");
    }
    if (token.isWord("SELECT") || token.isWord("WITH")) {
      throw cursor.syntax(
          token,
          "Expected a table but found " + token.upper(),
          "Put a subquery in parentheses: FROM (SELECT ...)");
    }
    if (token.isWord("TABLE") && cursor.peek(1).isSymbol("(")) {
      return grammar.tableFunctions().inTable();
    }
    if (!token.isIdentifier()) {
      throw expectedTable();
    }
    List<Identifier> path = tablePath();
    if (cursor.isSymbol("(")) {
      return grammar.tableFunctions().bare(path, token);
    }
    refuseSuffix();
    Identifier alias = pivots.isHere() ? null : grammar.aliases().alias("an alias");
    refuseColumns(alias);
    return new SqlQuery.TableName(path, alias, withOffset());
  }

  private SyntaxException expectedTable() {
    Token token = cursor.peek();
    if (token.is(Token.Kind.STRING)) {
      return cursor.syntax(
          token,
          "Expected a table but found " + cursor.describe(token),
          "The name of a table is written without quotes, or in backticks: `" + token.text() + "`");
    }
    if (token.is(Token.Kind.KEYWORD) && cursor.previous().isSymbol(",")) {
      return cursor.syntax(
          token, "Expected a table but found " + token.upper(), "Remove the comma before it");
    }
    if (token.is(Token.Kind.KEYWORD)) {
      return cursor.syntax(
          token,
          "Expected a table but found the reserved word " + token.upper(),
          "If it is a name, put it in backticks: `" + token.text() + "`");
    }
    return cursor.expected("a table", List.of());
  }

  /** {@code a.b.c}, also {@code `a.b.c`} and BigQuery's {@code my-project.b.c}. */
  private List<Identifier> tablePath() {
    List<Identifier> path = new ArrayList<>();
    path.addAll(dashed());
    while (cursor.isSymbol(".")) {
      cursor.next();
      path.addAll(parts(cursor.peek(), cursor.identifier("the name of a table")));
    }
    return path;
  }

  private List<Identifier> dashed() {
    Token first = cursor.peek();
    Identifier name = cursor.identifier("a table");
    StringBuilder text = new StringBuilder(name.name());
    Token last = first;
    while (first.is(Token.Kind.WORD)
        && cursor.isSymbol("-")
        && last.touches(cursor.peek())
        && cursor.peek().touches(cursor.peek(1))
        && isDashPart(cursor.peek(1))) {
      cursor.next();
      last = cursor.next();
      text.append('-').append(cursor.raw(last));
    }
    if (last.equals(first)) {
      return parts(first, name);
    }
    if (last.is(Token.Kind.FLOAT)) {
      // The lexer took the point of "my-project-1.dataset" for a decimal point.
      text.setLength(text.length() - 1);
    }
    List<Identifier> parts = new ArrayList<>();
    Place start = cursor.place(first);
    parts.add(
        new Identifier(
            text.toString(), new Place(start.file(), start.line(), start.column(), text.length())));
    if (last.is(Token.Kind.FLOAT)) {
      parts.addAll(parts(cursor.peek(), cursor.identifier("the name of a table")));
    }
    return parts;
  }

  private boolean isDashPart(Token token) {
    return token.is(Token.Kind.WORD)
        || token.is(Token.Kind.KEYWORD)
        || token.is(Token.Kind.INTEGER)
        || (token.is(Token.Kind.FLOAT) && token.text().endsWith("."));
  }

  /** A name in backticks may hold a whole path. */
  private List<Identifier> parts(Token token, Identifier name) {
    if (!cursor.raw(token).startsWith("`") || !name.name().contains(".")) {
      return List.of(name);
    }
    List<Identifier> parts = new ArrayList<>();
    int column = token.column() + 1;
    for (String part : name.name().split("\\.", -1)) {
      if (part.isEmpty()) {
        throw cursor.syntax(
            token,
            "The table's name " + cursor.raw(token) + " has an empty part",
            "Write `project.dataset.table`");
      }
      int length = part.codePointCount(0, part.length());
      parts.add(new Identifier(part, new Place(name.place().file(), token.line(), column, length)));
      column += length + 1;
    }
    return parts;
  }

  private FromItem subquery() {
    Token opening = cursor.peek();
    SqlQuery query = grammar.queries().parenthesized();
    refuseSuffix();
    Identifier alias = pivots.isHere() ? null : grammar.aliases().alias("an alias");
    return new SqlQuery.Subquery(query, alias, columns(alias), cursor.place(opening));
  }

  private FromItem nested() {
    Token opening = cursor.next();
    FromItem item = grammar.from().from();
    cursor.close(opening);
    if (cursor.isWord("AS") || cursor.peek().isIdentifier()) {
      throw cursor.syntax(
          cursor.peek(),
          "A join in parentheses cannot have an alias",
          "Give aliases to its tables, or make it a subquery: (SELECT ... FROM ...)");
    }
    return item;
  }

  /** {@code (a, b)} behind the alias of a table without names of its own. */
  private List<Identifier> columns(@Nullable Identifier alias) {
    if (alias == null || !cursor.isSymbol("(")) {
      return List.of();
    }
    Token opening = cursor.next();
    List<Identifier> columns = new ArrayList<>();
    do {
      columns.add(cursor.identifier("the name of a column"));
    } while (cursor.acceptSymbol(","));
    cursor.closeList(opening);
    return columns;
  }

  private void refuseColumns(@Nullable Identifier alias) {
    if (alias != null && cursor.isSymbol("(")) {
      throw cursor.unsupported(
          cursor.peek(),
          "The columns of a table cannot be renamed behind its alias",
          "Rename them in a subquery: (SELECT a AS b FROM ...)");
    }
  }

  private FromItem unnest() {
    Token word = cursor.next();
    Token opening = cursor.expectSymbol("(");
    SqlExpression array = grammar.expressions().expression();
    if (cursor.isSymbol(",")) {
      throw cursor.unsupported(
          cursor.peek(),
          "UNNEST of several arrays is not supported",
          "Unnest one WITH OFFSET and take the other's element by [SAFE_OFFSET(offset)]");
    }
    cursor.close(opening);
    Identifier alias = grammar.aliases().alias("an alias");
    List<Identifier> columns = columns(alias);
    return new SqlQuery.UnnestTable(array, alias, columns, withOffset(), cursor.place(word));
  }

  private @Nullable Identifier withOffset() {
    if (!cursor.isWord("WITH")) {
      return null;
    }
    Token with = cursor.next();
    if (cursor.isWord("ORDINALITY")) {
      throw cursor.syntax(
          cursor.peek(), "WITH ORDINALITY is not part of GoogleSQL", "Write WITH OFFSET");
    }
    Token offset = cursor.expectWord("OFFSET");
    Identifier name = grammar.aliases().alias("an alias");
    return name == null ? new Identifier("offset", cursor.place(with, offset)) : name;
  }

  /** Clauses behind a table that are understood but not supported. */
  void refuseSuffix() {
    Token word = cursor.peek();
    switch (word.upper()) {
      case "FOR" ->
          throw cursor.unsupported(
              word,
              "FOR SYSTEM_TIME AS OF is not supported",
              "A slowly changing table is always joined as it is at that moment");
      case "TABLESAMPLE" ->
          throw cursor.unsupported(
              word,
              "TABLESAMPLE is not supported",
              "Write WHERE RAND() < 0.1 or use a hash of a key");
      case "MATCH_RECOGNIZE" -> {
        if (cursor.peek(1).isSymbol("(")) {
          throw cursor.unsupported(
              word,
              "MATCH_RECOGNIZE is not supported",
              "Use analytic functions such as LAG and LEAD");
        }
      }
      default -> {}
    }
  }
}
