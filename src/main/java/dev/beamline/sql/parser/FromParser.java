package dev.beamline.sql.parser;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlQuery;
import dev.beamline.sql.ast.SqlQuery.FromItem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses FROM: the joins of its items. */
final class FromParser {

  private final Grammar grammar;
  private final Cursor cursor;

  FromParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  /** A join as read, before it is known which ON belongs to which. */
  private record Step(
      String kind, boolean comma, Place place, FromItem right, List<Condition> conditions) {}

  /** ON or USING. */
  private record Condition(Token word, @Nullable SqlExpression on, List<Identifier> using) {}

  /** All items of a FROM clause, joined from left to right. */
  FromItem from() {
    cursor.enter();
    try {
      FromItem first = grammar.tables().item();
      List<Step> steps = new ArrayList<>();
      while (true) {
        Step step = step(steps);
        if (step == null) {
          return joined(first, steps);
        }
        cursor.grow();
        steps.add(step);
      }
    } finally {
      cursor.leave();
    }
  }

  /** One join as a pipe operator. */
  FromItem piped(FromItem left) {
    Step step = step(List.of());
    if (step == null) {
      throw cursor.expected("JOIN", List.of("JOIN"));
    }
    return joined(left, List.of(step));
  }

  private @Nullable Step step(List<Step> before) {
    Token word = cursor.peek();
    if (word.isSymbol(",")) {
      cursor.next();
      for (Step step : before) {
        if (step.kind().equals("RIGHT") || step.kind().equals("FULL")) {
          throw cursor.syntax(
              word, "A comma cannot follow " + step.kind() + " JOIN", "Write CROSS JOIN");
        }
      }
      return new Step("CROSS", true, cursor.place(word), grammar.tables().item(), List.of());
    }
    if (word.isWord("NATURAL")) {
      throw cursor.unsupported(
          word, "NATURAL JOIN is not supported", "Name the columns: JOIN ... USING (column)");
    }
    String kind = kind();
    if (kind == null) {
      return null;
    }
    Token join = cursor.next();
    if (before.stream().anyMatch(Step::comma) && (kind.equals("RIGHT") || kind.equals("FULL"))) {
      throw cursor.syntax(
          word,
          kind + " JOIN cannot follow a comma",
          "Write CROSS JOIN for the comma, or put the join in parentheses");
    }
    FromItem right = grammar.tables().item();
    List<Condition> conditions = new ArrayList<>();
    while (cursor.isWord("ON") || cursor.isWord("USING")) {
      conditions.add(condition());
    }
    Place place = cursor.place(word, join);
    return new Step(kind, false, place, right, conditions);
  }

  /** Reads up to the word JOIN and gives the kind; null where no join follows. */
  private @Nullable String kind() {
    Token word = cursor.peek();
    if (grammar.queries().startsSetOperation(cursor.position())) {
      return null;
    }
    switch (word.upper()) {
      case "JOIN" -> {
        return "INNER";
      }
      case "INNER", "CROSS" -> cursor.next();
      case "LEFT", "RIGHT", "FULL" -> {
        cursor.next();
        cursor.acceptWord("OUTER");
      }
      default -> {
        return null;
      }
    }
    if (!cursor.isWord("JOIN")) {
      Token found = cursor.peek();
      if (found.isWord("SEMI") || found.isWord("ANTI")) {
        throw cursor.syntax(
            found,
            found.upper() + " JOIN is not part of GoogleSQL",
            "Write WHERE " + (found.isWord("ANTI") ? "NOT " : "") + "EXISTS (SELECT ...)");
      }
      throw cursor.expected("JOIN", List.of("JOIN", "OUTER"));
    }
    return word.upper();
  }

  private Condition condition() {
    Token word = cursor.next();
    if (word.isWord("ON")) {
      return new Condition(word, grammar.expressions().expression(), List.of());
    }
    Token opening = cursor.expectSymbol("(");
    List<Identifier> using = new ArrayList<>();
    do {
      using.add(cursor.identifier("the name of a column"));
    } while (cursor.acceptSymbol(","));
    cursor.closeList(opening);
    return new Condition(word, null, using);
  }

  /**
   * Builds the joins. Usually each has its own condition and they go from left to right; {@code a
   * JOIN b JOIN c ON x ON y} gives the second condition to the first join.
   */
  private FromItem joined(FromItem first, List<Step> steps) {
    boolean nested = steps.stream().anyMatch(step -> step.conditions().size() > 1);
    if (nested) {
      refuseComma(steps);
    }
    Deque<FromItem> items = new ArrayDeque<>(List.of(first));
    Deque<Step> open = new ArrayDeque<>();
    for (Step step : steps) {
      items.push(step.right());
      open.push(step);
      if (step.conditions().isEmpty() && (!nested || step.kind().equals("CROSS"))) {
        join(items, open.pop(), null);
      }
      for (Condition condition : step.conditions()) {
        if (open.isEmpty()) {
          throw cursor.syntax(
              condition.word(),
              condition.word().upper() + " has no JOIN of its own before it",
              "Join several conditions with AND");
        }
        join(items, open.pop(), condition);
      }
    }
    while (!open.isEmpty()) {
      join(items, open.pop(), null);
    }
    return items.pop();
  }

  /** As BigQuery: which join a late ON belongs to is not clear behind a comma. */
  private void refuseComma(List<Step> steps) {
    boolean comma = false;
    for (Step step : steps) {
      comma |= step.comma();
      if (comma && step.conditions().size() > 1) {
        Token second = step.conditions().get(1).word();
        throw cursor.syntax(
            second,
            second.upper() + " cannot follow another condition behind a comma join",
            "Put the inner join in parentheses: a, b JOIN (c JOIN d ON ...) ON ...");
      }
    }
  }

  private void join(Deque<FromItem> items, Step step, @Nullable Condition condition) {
    FromItem right = items.pop();
    FromItem left = items.pop();
    boolean cross = step.kind().equals("CROSS");
    if (cross && condition != null) {
      throw cursor.syntax(
          condition.word(), "CROSS JOIN takes no " + condition.word().upper(), "Write INNER JOIN");
    }
    if (!cross && condition == null && !isArray(right)) {
      throw cursor.error(
          DiagnosticCode.SQL_SYNTAX,
          step.place(),
          step.kind() + " JOIN needs ON or USING",
          "Write JOIN ... ON condition, or CROSS JOIN for every pair of rows");
    }
    items.push(
        new SqlQuery.Join(
            step.kind(),
            left,
            right,
            condition == null ? null : condition.on(),
            condition == null ? List.of() : condition.using(),
            step.place()));
  }

  /** Whether this may be an array of the row to its left, which needs no condition. */
  private static boolean isArray(FromItem item) {
    return item instanceof SqlQuery.UnnestTable
        || (item instanceof SqlQuery.TableName table && table.path().size() > 1);
  }
}
