package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses scalar expressions, by precedence. Source: "Operator precedence" of BigQuery's operators;
 * comparisons do not chain there.
 */
final class ExpressionParser {

  private static final int OR = 1;

  private static final int AND = 2;

  private static final int COMPARISON = 4;

  private static final int BIT_OR = 5;

  private static final int BIT_XOR = 6;

  private static final int BIT_AND = 7;

  private static final int SHIFT = 8;

  private static final int SUM = 9;

  private static final int PRODUCT = 10;

  /** Longer chains of one associative operator become a balanced tree, to keep trees low. */
  private static final int LONG_CHAIN = 64;

  private final Grammar grammar;
  private final Cursor cursor;

  ExpressionParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  SqlExpression expression() {
    return binary(OR);
  }

  /** An operand of a comparison: whatever binds more tightly than one. */
  SqlExpression comparand() {
    return binary(BIT_OR);
  }

  private SqlExpression binary(int lowest) {
    cursor.enter();
    try {
      SqlExpression left = unary();
      boolean compared = false;
      while (true) {
        int level = level();
        if (level < lowest) {
          return left;
        }
        if (level == COMPARISON) {
          if (compared) {
            throw cursor.syntax(
                cursor.peek(),
                "Comparisons cannot follow each other",
                "Join them with AND, or say with parentheses which comes first");
          }
          left = grammar.predicates().comparison(left);
          cursor.grow();
          compared = true;
        } else {
          left = level == OR || level == AND ? chain(left, level) : arithmetic(left, level);
          compared = false;
        }
      }
    } finally {
      cursor.leave();
    }
  }

  /** How tightly the operator at the cursor binds; 0 where there is none. */
  private int level() {
    Token token = cursor.peek();
    if (token.is(Token.Kind.SYMBOL)) {
      return switch (token.text()) {
        case "||", "*", "/", "%" -> PRODUCT;
        case "+", "-" -> SUM;
        case "<<" -> SHIFT;
        case ">" -> isRightShift() ? SHIFT : COMPARISON;
        case "&" -> BIT_AND;
        case "^" -> BIT_XOR;
        case "|" -> BIT_OR;
        case "=", "!=", "<>", "<", "<=", ">=" -> COMPARISON;
        default -> 0;
      };
    }
    return switch (token.upper()) {
      case "OR" -> OR;
      case "AND" -> AND;
      case "LIKE", "IN", "IS", "BETWEEN" -> COMPARISON;
      case "NOT" ->
          switch (cursor.peek(1).upper()) {
            case "LIKE", "IN", "BETWEEN" -> COMPARISON;
            default -> 0;
          };
      default -> 0;
    };
  }

  private boolean isRightShift() {
    return cursor.isSymbol(">")
        && cursor.peek(1).isSymbol(">")
        && cursor.peek().touches(cursor.peek(1));
  }

  /** AND and OR, which may be long. */
  private SqlExpression chain(SqlExpression first, int level) {
    String operator = level == OR ? "OR" : "AND";
    List<SqlExpression> terms = new ArrayList<>(List.of(first));
    List<Place> places = new ArrayList<>();
    while (cursor.isWord(operator)) {
      places.add(cursor.place(cursor.next()));
      terms.add(binary(level + 1));
    }
    return chained(operator, terms, places);
  }

  private SqlExpression arithmetic(SqlExpression first, int level) {
    Token token = cursor.next();
    if (!token.isSymbol("||")) {
      boolean shift = token.isSymbol(">");
      Place place = shift ? cursor.place(token, cursor.next()) : cursor.place(token);
      SqlExpression right = binary(level + 1);
      cursor.grow();
      if (token.isSymbol("%")) {
        return SqlExpression.Call.of("MOD", List.of(first, right), place);
      }
      return new SqlExpression.Binary(shift ? ">>" : token.text(), first, right, place);
    }
    List<SqlExpression> terms = new ArrayList<>(List.of(first));
    List<Place> places = new ArrayList<>();
    do {
      places.add(cursor.place(token));
      terms.add(binary(level + 1));
      token = cursor.peek();
    } while (cursor.acceptSymbol("||"));
    return chained("||", terms, places);
  }

  /** Left to right where short, a balanced tree where long: AND, OR and || are associative. */
  SqlExpression chained(String operator, List<SqlExpression> terms, List<Place> places) {
    int count = terms.size();
    if (count > LONG_CHAIN) {
      cursor.grow(Integer.SIZE - Integer.numberOfLeadingZeros(count));
      return balanced(operator, terms, places);
    }
    cursor.grow(count);
    SqlExpression left = terms.get(0);
    for (int i = 1; i < count; i++) {
      left = new SqlExpression.Binary(operator, left, terms.get(i), places.get(i - 1));
    }
    return left;
  }

  private static SqlExpression balanced(
      String operator, List<SqlExpression> terms, List<Place> places) {
    int count = terms.size();
    if (count == 1) {
      return terms.get(0);
    }
    int middle = count / 2;
    return new SqlExpression.Binary(
        operator,
        balanced(operator, terms.subList(0, middle), places.subList(0, middle - 1)),
        balanced(operator, terms.subList(middle, count), places.subList(middle, count - 1)),
        places.get(middle - 1));
  }

  private SqlExpression unary() {
    Token token = cursor.peek();
    if (token.isWord("NOT")) {
      cursor.next();
      return new SqlExpression.Unary("NOT", binary(COMPARISON), cursor.place(token));
    }
    if (!token.isSymbol("-") && !token.isSymbol("+") && !token.isSymbol("~")) {
      return grammar.operands().postfix(grammar.operands().primary());
    }
    cursor.next();
    Token operand = cursor.peek();
    if (token.isSymbol("-") && isLeastInteger(operand)) {
      cursor.next();
      return grammar
          .operands()
          .postfix(
              new SqlExpression.IntegerLiteral("-" + operand.text(), cursor.place(token, operand)));
    }
    cursor.enter();
    try {
      return new SqlExpression.Unary(token.text(), unary(), cursor.place(token));
    } finally {
      cursor.leave();
    }
  }

  /** The one integer that is out of range without its sign. */
  private static boolean isLeastInteger(Token token) {
    return token.is(Token.Kind.INTEGER)
        && (token.text().equals("9223372036854775808")
            || token.text().equalsIgnoreCase("0x8000000000000000"));
  }

  /** {@code (a, b)}, at least one. */
  List<SqlExpression> list() {
    Token opening = cursor.expectSymbol("(");
    List<SqlExpression> list = new ArrayList<>();
    do {
      list.add(expression());
    } while (cursor.acceptSymbol(","));
    cursor.closeList(opening);
    return list;
  }

  boolean startsQueryInParentheses() {
    return grammar.queries().isQueryInParentheses(cursor.position());
  }
}
