package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Parses pipe operators, {@code FROM t |> WHERE a |> SELECT b}, into the nested SELECTs that mean
 * the same. Source: BigQuery's pipe query syntax.
 */
final class PipeParser {

  private static final Set<String> UNSUPPORTED =
      Set.of(
          "RENAME",
          "TABLESAMPLE",
          "MATCH_RECOGNIZE",
          "WITH",
          "WINDOW",
          "ASSERT",
          "LOG",
          "IF",
          "FORK",
          "TEE",
          "INSERT",
          "CREATE",
          "EXPORT",
          "DESCRIBE",
          "STATIC_DESCRIBE");

  private static final List<String> OPERATORS =
      List.of(
          "SELECT",
          "EXTEND",
          "SET",
          "DROP",
          "AS",
          "WHERE",
          "AGGREGATE",
          "DISTINCT",
          "JOIN",
          "CALL",
          "PIVOT",
          "UNPIVOT",
          "ORDER",
          "LIMIT",
          "UNION",
          "INTERSECT",
          "EXCEPT");

  /** Operators behind which rows keep their order. */
  private static final Set<String> KEEPING_ORDER = Set.of("SELECT", "EXTEND", "SET", "DROP");

  private final Grammar grammar;
  private final Cursor cursor;

  PipeParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  /** Reads all operators from here on and applies them to what stands before. */
  SqlQuery pipes(PipeInput input) {
    int level = cursor.level(cursor.position());
    while (cursor.isSymbol("|>")) {
      cursor.grow(3);
      try {
        cursor.next();
        operator(input);
        end();
      } catch (SyntaxException error) {
        if (error.fatal()) {
          throw error;
        }
        grammar.report(error);
        skip(level);
      }
    }
    return input.query();
  }

  private void end() {
    if (!cursor.isSymbol("|>") && !cursor.isSymbol(")") && !cursor.atEnd()) {
      throw cursor.expected("\"|>\" or the end of the query", List.of());
    }
  }

  /** Goes to the next operator of this query. */
  private void skip(int level) {
    while (!cursor.atEnd()) {
      int current = cursor.level(cursor.position());
      if (current < level || (current == level && cursor.isSymbol("|>"))) {
        return;
      }
      cursor.next();
    }
  }

  private void operator(PipeInput input) {
    Token word = cursor.peek();
    if (grammar.queries().startsSetOperation(cursor.position())) {
      combine(input);
      return;
    }
    if (KEEPING_ORDER.contains(word.upper())) {
      passOrder(input, word);
    }
    switch (word.upper()) {
      case "WHERE" -> where(input);
      case "SELECT" -> select(input);
      case "EXTEND" -> extend(input);
      case "SET" -> set(input);
      case "DROP" -> drop(input);
      case "RENAME" -> rename(input);
      case "AS" -> {
        cursor.next();
        input.as(cursor.identifier("an alias"));
      }
      case "DISTINCT" -> {
        cursor.next();
        input.select(true, List.of(PipeInput.star(cursor.place(word))), cursor.place(word), true);
      }
      case "AGGREGATE" -> new PipeAggregateParser(grammar).aggregate(input);
      case "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS" ->
          input.from(grammar.from().piped(input.joinable(cursor.place(word))));
      case "CALL" -> call(input);
      case "PIVOT", "UNPIVOT" -> {
        SqlQuery.FromItem item = input.joinable(cursor.place(word));
        boolean simple = item instanceof SqlQuery.TableName || item instanceof SqlQuery.Subquery;
        input.from(
            grammar
                .tables()
                .pivots()
                .parse(
                    simple
                        ? item
                        : new SqlQuery.Subquery(
                            input.query(), null, List.of(), cursor.place(word))));
      }
      case "ORDER" -> {
        cursor.next();
        cursor.expectWord("BY");
        input.orderBy(grammar.queries().orderItems(), cursor.place(word));
      }
      case "LIMIT" -> limit(input);
      default -> throw unknown(word);
    }
  }

  private SyntaxException unknown(Token word) {
    if (UNSUPPORTED.contains(word.upper())) {
      return cursor.unsupported(
          word, "The pipe operator " + word.upper() + " is not supported", null);
    }
    String hint =
        switch (word.upper()) {
          case "GROUP" -> "Write |> AGGREGATE ... GROUP BY ...";
          case "HAVING", "QUALIFY" -> "Write |> WHERE";
          case "FROM" -> "Only the query itself begins with FROM; use |> JOIN";
          default -> null;
        };
    return hint == null
        ? cursor.expected("a pipe operator", OPERATORS)
        : cursor.syntax(word, word.upper() + " is no pipe operator", hint);
  }

  /** An order must not get lost between ORDER BY and what depends on it. */
  private void passOrder(PipeInput input, Token word) {
    if (input.orderedWithoutLimit()) {
      throw cursor.unsupported(
          word,
          word.upper() + " directly behind ORDER BY is not supported",
          "Put ORDER BY behind it, or LIMIT before it");
    }
    input.passOrder();
  }

  private void where(PipeInput input) {
    Token word = cursor.next();
    int analytic = grammar.analyticCalls();
    SqlExpression condition = grammar.expressions().expression();
    input.where(condition, grammar.analyticCalls() > analytic, cursor.place(word));
  }

  private void select(PipeInput input) {
    Place place = cursor.place();
    input.select(grammar.selects().piped(input.item(place), input.condition()), false);
  }

  private void extend(PipeInput input) {
    Token word = cursor.next();
    Place place = cursor.place(word);
    List<SqlQuery.SelectItem> items = new ArrayList<>();
    items.add(PipeInput.star(place));
    grammar.selectLists().items(items);
    List<SqlQuery.NamedWindow> windows = new ArrayList<>();
    if (cursor.acceptWord("WINDOW")) {
      grammar.selects().windows(windows);
    }
    input.select(input.selectOf(false, items, windows, place), true);
  }

  private void set(PipeInput input) {
    Token word = cursor.next();
    List<SqlQuery.ExpressionItem> replace = new ArrayList<>();
    do {
      Identifier column = cursor.identifier("the name of a column");
      cursor.expectSymbol("=");
      replace.add(new SqlQuery.ExpressionItem(grammar.expressions().expression(), column));
    } while (cursor.acceptSymbol(",") && !cursor.isSymbol("|>"));
    Place place = cursor.place(word);
    input.select(
        false, List.of(new SqlQuery.StarItem(null, List.of(), replace, place)), place, false);
  }

  private void drop(PipeInput input) {
    Token word = cursor.next();
    List<Identifier> columns = new ArrayList<>();
    do {
      columns.add(cursor.identifier("the name of a column"));
    } while (cursor.acceptSymbol(",") && !cursor.isSymbol("|>"));
    Place place = cursor.place(word);
    input.select(
        false, List.of(new SqlQuery.StarItem(null, columns, List.of(), place)), place, false);
  }

  private void rename(PipeInput input) {
    Token word = cursor.next();
    List<SqlQuery.Renaming> renamings = new ArrayList<>();
    do {
      Identifier old = cursor.identifier("the name of a column");
      cursor.acceptWord("AS");
      renamings.add(new SqlQuery.Renaming(old, cursor.identifier("the new name")));
    } while (cursor.acceptSymbol(",") && !cursor.isSymbol("|>"));
    Place place = cursor.place(word);
    input.select(
        false,
        List.of(new SqlQuery.StarItem(null, List.of(), List.of(), renamings, place)),
        place,
        false);
  }

  private void call(PipeInput input) {
    Token word = cursor.next();
    input.from(grammar.tableFunctions().piped(input.table(cursor.place(word))));
  }

  private void limit(PipeInput input) {
    Token word = cursor.peek();
    if (input.orderLost() || input.limitedInOrder()) {
      throw cursor.unsupported(
          word,
          "LIMIT is supported only directly behind ORDER BY, and once",
          "Put the smaller LIMIT directly behind ORDER BY");
    }
    QueryParser.Tail tail = new QueryParser.Tail();
    grammar.queries().limit(tail);
    input.limit(tail.limit, tail.offset, cursor.place(word));
  }

  private void combine(PipeInput input) {
    String mode = grammar.queries().byNameMode();
    Token word = cursor.next();
    boolean all = grammar.queries().allOrDistinct(word);
    SqlQuery.ByName byName = grammar.queries().byName(mode, word);
    do {
      if (!cursor.isSymbol("(")) {
        throw cursor.expected("\"(\" and a query", List.of());
      }
      SqlQuery.Body right = new SqlQuery.Nested(grammar.queries().parenthesized());
      cursor.grow();
      input.combine(word.upper(), all, byName, right, cursor.place(word));
    } while (cursor.acceptSymbol(","));
  }
}
