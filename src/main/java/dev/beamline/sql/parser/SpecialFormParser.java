package dev.beamline.sql.parser;

import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Parses what looks like a call but has a syntax of its own: CASE, CAST, EXTRACT, EXISTS, ARRAY and
 * STRUCT.
 */
final class SpecialFormParser {

  private final Grammar grammar;
  private final Cursor cursor;

  SpecialFormParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  SqlExpression caseExpression() {
    Token word = cursor.next();
    SqlExpression operand = cursor.isWord("WHEN") ? null : grammar.expressions().expression();
    List<SqlExpression.Case.When> whens = new ArrayList<>();
    while (cursor.acceptWord("WHEN")) {
      SqlExpression condition = grammar.expressions().expression();
      cursor.expectWord("THEN");
      whens.add(new SqlExpression.Case.When(condition, grammar.expressions().expression()));
    }
    if (whens.isEmpty()) {
      throw cursor.expected("WHEN", List.of("WHEN"));
    }
    SqlExpression otherwise = cursor.acceptWord("ELSE") ? grammar.expressions().expression() : null;
    if (!cursor.acceptWord("END")) {
      throw cursor.syntax(
          cursor.peek(),
          "Expected "
              + (otherwise == null ? "WHEN, ELSE or END" : "END")
              + " but found "
              + cursor.describe(cursor.peek()),
          "The CASE of line " + word.line() + ", column " + word.column() + " needs an END");
    }
    return new SqlExpression.Case(operand, whens, otherwise, cursor.place(word));
  }

  SqlExpression cast(boolean safe) {
    Token word = cursor.next();
    Token opening = cursor.expectSymbol("(");
    SqlExpression operand = grammar.expressions().expression();
    cursor.expectWord("AS");
    SqlType type = grammar.types().type();
    SqlExpression format = null;
    SqlExpression zone = null;
    if (cursor.acceptWord("FORMAT")) {
      format = grammar.expressions().expression();
      zone = timeZone();
    }
    cursor.close(opening);
    return new SqlExpression.Cast(operand, type, safe, format, zone, cursor.place(word));
  }

  private @Nullable SqlExpression timeZone() {
    if (!cursor.acceptWord("AT")) {
      return null;
    }
    cursor.expectWord("TIME");
    cursor.expectWord("ZONE");
    return grammar.expressions().expression();
  }

  SqlExpression extract() {
    Token word = cursor.next();
    Token opening = cursor.expectSymbol("(");
    String part = cursor.identifier("a part such as YEAR").name().toUpperCase(Locale.ROOT);
    if (cursor.isSymbol("(")) {
      Token parenthesis = cursor.next();
      String day = cursor.identifier("a day of the week").name();
      part = part + "(" + day.toUpperCase(Locale.ROOT) + ")";
      cursor.close(parenthesis);
    }
    if (!cursor.isWord("FROM")) {
      throw cursor.syntax(
          cursor.peek(),
          "Expected FROM but found " + cursor.describe(cursor.peek()),
          "Write EXTRACT(" + part + " FROM value)");
    }
    cursor.next();
    SqlExpression operand = grammar.expressions().expression();
    SqlExpression zone = timeZone();
    cursor.close(opening);
    return new SqlExpression.Extract(part, operand, zone, cursor.place(word));
  }

  SqlExpression exists() {
    Token word = cursor.next();
    if (!cursor.isSymbol("(") || !grammar.expressions().startsQueryInParentheses()) {
      throw cursor.syntax(
          cursor.isSymbol("(") ? cursor.peek(1) : cursor.peek(),
          "EXISTS takes a subquery",
          "Write EXISTS (SELECT ...)");
    }
    return new SqlExpression.Exists(grammar.queries().parenthesized(), cursor.place(word));
  }

  SqlExpression arrayKeyword() {
    Token word = cursor.peek();
    Token second = cursor.peek(1);
    if (second.isSymbol("(")) {
      cursor.next();
      if (!grammar.expressions().startsQueryInParentheses()) {
        throw cursor.syntax(
            word, "ARRAY(...) takes a subquery", "Write ARRAY(SELECT ...), or [a, b] for a list");
      }
      return new SqlExpression.ArraySubquery(grammar.queries().parenthesized(), cursor.place(word));
    }
    if (second.isSymbol("[")) {
      cursor.next();
      return array(word, null);
    }
    SqlType type = grammar.types().type();
    if (!cursor.isSymbol("[")) {
      throw cursor.expected("\"[\"", List.of());
    }
    return array(word, ((SqlType.Array) type).element());
  }

  SqlExpression array(Token first, @Nullable SqlType elementType) {
    Token opening = cursor.next();
    List<SqlExpression> elements = new ArrayList<>();
    if (!cursor.isSymbol("]")) {
      do {
        elements.add(grammar.expressions().expression());
      } while (cursor.acceptSymbol(","));
    }
    cursor.closeList(opening);
    return new SqlExpression.ArrayConstructor(elementType, elements, cursor.place(first));
  }

  SqlExpression struct() {
    Token word = cursor.peek();
    SqlType type = null;
    if (cursor.peek(1).isSymbol("<") || cursor.peek(1).isSymbol("<>")) {
      type = grammar.types().type();
    } else {
      cursor.next();
    }
    Token opening = cursor.expectSymbol("(");
    List<SqlExpression> values = new ArrayList<>();
    List<String> names = new ArrayList<>();
    if (!cursor.isSymbol(")")) {
      do {
        SqlExpression value = grammar.expressions().expression();
        values.add(value);
        names.add(type == null ? fieldName(value) : "");
      } while (cursor.acceptSymbol(","));
    }
    cursor.closeList(opening);
    return new SqlExpression.StructConstructor(type, values, names, cursor.place(word));
  }

  /** The alias, or what GoogleSQL infers: the last name of a path. */
  private String fieldName(SqlExpression value) {
    if (cursor.acceptWord("AS")) {
      return cursor.identifier("the name of a field").name();
    }
    if (value instanceof SqlExpression.Path path) {
      return path.parts().get(path.parts().size() - 1).name();
    }
    return value instanceof SqlExpression.FieldAccess access ? access.field().name() : "";
  }
}
