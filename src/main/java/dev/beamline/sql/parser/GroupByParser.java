package dev.beamline.sql.parser;

import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.List;

/** Parses GROUP BY. */
final class GroupByParser {

  private final Grammar grammar;
  private final Cursor cursor;

  GroupByParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  /** Reads the items behind GROUP BY; true for ALL. */
  boolean groupBy(List<SqlQuery.GroupItem> items) {
    if (cursor.acceptWord("ALL")) {
      return true;
    }
    do {
      items.add(groupItem(false));
    } while (cursor.acceptSymbol(","));
    return false;
  }

  /**
   * One item of GROUP BY.
   *
   * @param inSet whether it stands inside ROLLUP, CUBE or GROUPING SETS
   */
  SqlQuery.GroupItem groupItem(boolean inSet) {
    cursor.enter();
    try {
      Token word = cursor.peek();
      if (word.isWord("ROLLUP")) {
        cursor.next();
        return new SqlQuery.Rollup(groupItems(), cursor.place(word));
      }
      if (word.isWord("CUBE")) {
        cursor.next();
        return new SqlQuery.Cube(groupItems(), cursor.place(word));
      }
      if (cursor.isWords("GROUPING", "SETS")) {
        cursor.next();
        cursor.next();
        return new SqlQuery.GroupingSets(groupItems(), cursor.place(word));
      }
      if (word.isSymbol("(") && cursor.peek(1).isSymbol(")")) {
        cursor.next();
        cursor.next();
        return new SqlQuery.GroupList(List.of());
      }
      if (inSet && word.isSymbol("(") && isGroupList()) {
        return groupList();
      }
      return new SqlQuery.GroupExpression(grammar.expressions().expression());
    } finally {
      cursor.leave();
    }
  }

  /** Whether the parentheses here are the whole item, not the beginning of an expression. */
  private boolean isGroupList() {
    int closing = cursor.partner(cursor.position());
    Token behind = cursor.token(closing + 1);
    return closing >= 0
        && (behind.isSymbol(",") || behind.isSymbol(")"))
        && !grammar.expressions().startsQueryInParentheses();
  }

  private SqlQuery.GroupList groupList() {
    Token opening = cursor.next();
    List<SqlExpression> expressions = new ArrayList<>();
    do {
      expressions.add(grammar.expressions().expression());
    } while (cursor.acceptSymbol(","));
    cursor.closeList(opening);
    return new SqlQuery.GroupList(expressions);
  }

  private List<SqlQuery.GroupItem> groupItems() {
    Token opening = cursor.expectSymbol("(");
    List<SqlQuery.GroupItem> items = new ArrayList<>();
    do {
      items.add(groupItem(true));
    } while (cursor.acceptSymbol(","));
    cursor.closeList(opening);
    return items;
  }
}
