package dev.beamline.sql.parser;

import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses the list of a SELECT. */
final class SelectListParser {

  private final Grammar grammar;
  private final Cursor cursor;

  SelectListParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  /** The items of a SELECT list, with an optional comma behind the last. */
  void items(List<SqlQuery.SelectItem> items) {
    do {
      if (!items.isEmpty() && endsList()) {
        return;
      }
      items.add(item());
    } while (cursor.acceptSymbol(","));
  }

  private boolean endsList() {
    Token token = cursor.peek();
    return token.isWord("FROM")
        || token.is(Token.Kind.END)
        || token.isSymbol(")")
        || token.isSymbol("|>")
        || token.isWord("UNION")
        || token.isWord("INTERSECT")
        || token.isWord("EXCEPT")
        || token.isWord("ORDER")
        || token.isWord("WINDOW")
        || token.isWord("LIMIT");
  }

  private SqlQuery.SelectItem item() {
    if (cursor.isSymbol("*")) {
      return star(null);
    }
    SqlExpression expression = grammar.expressions().expression();
    if (cursor.isSymbol(".") && cursor.peek(1).isSymbol("*")) {
      cursor.next();
      return star(expression);
    }
    return new SqlQuery.ExpressionItem(expression, grammar.aliases().alias("an alias"));
  }

  private SqlQuery.StarItem star(@Nullable SqlExpression qualifier) {
    Token star = cursor.next();
    List<Identifier> except = new ArrayList<>();
    List<SqlQuery.ExpressionItem> replace = new ArrayList<>();
    if (cursor.isWord("EXCEPT") && cursor.peek(1).isSymbol("(")) {
      cursor.next();
      Token opening = cursor.next();
      do {
        except.add(cursor.identifier("the name of a column"));
      } while (cursor.acceptSymbol(","));
      cursor.closeList(opening);
    } else if (cursor.isWord("EXCLUDE") && cursor.peek(1).isSymbol("(")) {
      throw cursor.syntax(
          cursor.peek(), "EXCLUDE is not part of GoogleSQL", "Write * EXCEPT (column)");
    }
    if (cursor.isWord("REPLACE") && cursor.peek(1).isSymbol("(")) {
      cursor.next();
      Token opening = cursor.next();
      do {
        SqlExpression value = grammar.expressions().expression();
        cursor.expectWord("AS");
        replace.add(new SqlQuery.ExpressionItem(value, cursor.identifier("the name of a column")));
      } while (cursor.acceptSymbol(","));
      cursor.closeList(opening);
    }
    if (cursor.isWord("EXCEPT") && cursor.peek(1).isSymbol("(") && !replace.isEmpty()) {
      throw cursor.syntax(cursor.peek(), "EXCEPT stands before REPLACE", null);
    }
    List<SqlQuery.Renaming> rename = new ArrayList<>();
    if (cursor.isWord("RENAME") && cursor.peek(1).isSymbol("(")) {
      cursor.next();
      Token opening = cursor.next();
      do {
        Identifier old = cursor.identifier("the name of a column");
        cursor.expectWord("AS");
        rename.add(new SqlQuery.Renaming(old, cursor.identifier("the new name")));
      } while (cursor.acceptSymbol(","));
      cursor.closeList(opening);
    }
    return new SqlQuery.StarItem(qualifier, except, replace, rename, cursor.place(star));
  }
}
