package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  private static final Map<String, String> TYPED_LITERALS =
      Map.of(
          "DATE", "DATE",
          "TIMESTAMP", "TIMESTAMP",
          "DATETIME", "DATETIME",
          "TIME", "TIME",
          "NUMERIC", "NUMERIC",
          "DECIMAL", "NUMERIC",
          "BIGNUMERIC", "BIGNUMERIC",
          "BIGDECIMAL", "BIGNUMERIC",
          "JSON", "JSON");

  private static final Set<String> ACCESSORS =
      Set.of("OFFSET", "SAFE_OFFSET", "ORDINAL", "SAFE_ORDINAL");

  private final Grammar grammar;
  private final Cursor cursor;

  ExpressionParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  SqlExpression expression() {
    return binary(OR);
  }

  // --- Operators -------------------------------------------------------------------------------

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
          left = comparison(left);
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
        case "||", "*", "/" -> PRODUCT;
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
  private SqlExpression chained(String operator, List<SqlExpression> terms, List<Place> places) {
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

  private SqlExpression comparison(SqlExpression left) {
    Token token = cursor.peek();
    if (token.is(Token.Kind.SYMBOL)) {
      cursor.next();
      refuseQuantifier(token);
      String operator = token.isSymbol("<>") ? "!=" : token.text();
      return new SqlExpression.Binary(operator, left, binary(BIT_OR), cursor.place(token));
    }
    if (cursor.isWord("IS")) {
      return is(left);
    }
    boolean negated = cursor.acceptWord("NOT");
    Token word = cursor.next();
    Place place = cursor.place(token, word);
    return switch (word.upper()) {
      case "LIKE" -> like(left, negated, place);
      case "IN" -> in(left, negated, place);
      default -> between(left, negated, place);
    };
  }

  private void refuseQuantifier(Token operator) {
    if (cursor.isWord("ANY") || cursor.isWord("SOME") || cursor.isWord("ALL")) {
      throw cursor.unsupported(
          cursor.peek(),
          operator.text() + " " + cursor.peek().upper() + " is not part of GoogleSQL",
          operator.isSymbol("=") ? "Write IN (...)" : "Write a subquery with MIN or MAX");
    }
  }

  private SqlExpression is(SqlExpression left) {
    Token is = cursor.next();
    boolean negated = cursor.acceptWord("NOT");
    String prefix = negated ? "IS NOT " : "IS ";
    Token what = cursor.peek();
    if (cursor.acceptWord("DISTINCT")) {
      Token from = cursor.expectWord("FROM");
      return new SqlExpression.Binary(
          prefix + "DISTINCT FROM", left, binary(BIT_OR), cursor.place(is, from));
    }
    String value =
        switch (what.upper()) {
          case "NULL", "TRUE", "FALSE" -> what.upper();
          // UNKNOWN is the NULL of truth values.
          case "UNKNOWN" -> "NULL";
          default ->
              throw cursor.expected(
                  "NULL, TRUE, FALSE or DISTINCT FROM", List.of("NULL", "TRUE", "FALSE"));
        };
    cursor.next();
    return new SqlExpression.Unary(prefix + value, left, cursor.place(is, what));
  }

  private SqlExpression like(SqlExpression left, boolean negated, Place place) {
    String operator = negated ? "NOT LIKE" : "LIKE";
    Token quantifier = cursor.peek();
    boolean all = quantifier.isWord("ALL");
    if (!all && !quantifier.isWord("ANY") && !quantifier.isWord("SOME")) {
      return new SqlExpression.Binary(operator, left, binary(BIT_OR), place);
    }
    cursor.next();
    if (!cursor.isSymbol("(") || startsQueryInParentheses()) {
      throw cursor.unsupported(
          quantifier,
          "LIKE " + quantifier.upper() + " takes a list of patterns here, no array and no query",
          "Write LIKE " + quantifier.upper() + " ('a%', 'b%')");
    }
    List<SqlExpression> patterns = list();
    List<SqlExpression> likes = new ArrayList<>();
    for (SqlExpression pattern : patterns) {
      likes.add(new SqlExpression.Binary(operator, left, pattern, place));
    }
    return chained(
        all ? "AND" : "OR", likes, java.util.Collections.nCopies(likes.size() - 1, place));
  }

  private SqlExpression in(SqlExpression left, boolean negated, Place place) {
    if (cursor.isWord("UNNEST")) {
      cursor.next();
      Token opening = cursor.expectSymbol("(");
      SqlExpression array = expression();
      cursor.close(opening);
      return new SqlExpression.InUnnest(left, array, negated, place);
    }
    if (!cursor.isSymbol("(")) {
      Token found = cursor.peek();
      throw cursor.syntax(
          found,
          "Expected \"(\" or UNNEST behind IN but found " + cursor.describe(found),
          found.isIdentifier() || found.is(Token.Kind.PARAMETER)
              ? "For an array write IN UNNEST(" + cursor.raw(found) + ")"
              : null);
    }
    if (startsQueryInParentheses()) {
      return new SqlExpression.InSubquery(left, grammar.queries().parenthesized(), negated, place);
    }
    return new SqlExpression.InList(left, list(), negated, place);
  }

  /** {@code (a, b)}, at least one. */
  private List<SqlExpression> list() {
    Token opening = cursor.expectSymbol("(");
    List<SqlExpression> list = new ArrayList<>();
    do {
      list.add(expression());
    } while (cursor.acceptSymbol(","));
    cursor.closeList(opening);
    return list;
  }

  private SqlExpression between(SqlExpression left, boolean negated, Place place) {
    SqlExpression low = binary(BIT_OR);
    cursor.expectWord("AND");
    return new SqlExpression.Between(left, low, binary(BIT_OR), negated, place);
  }

  private SqlExpression unary() {
    Token token = cursor.peek();
    if (token.isWord("NOT")) {
      cursor.next();
      return new SqlExpression.Unary("NOT", binary(COMPARISON), cursor.place(token));
    }
    if (!token.isSymbol("-") && !token.isSymbol("+") && !token.isSymbol("~")) {
      return postfix(primary());
    }
    cursor.next();
    Token operand = cursor.peek();
    if (token.isSymbol("-") && isLeastInteger(operand)) {
      cursor.next();
      return postfix(
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

  // --- Behind an operand -----------------------------------------------------------------------

  private SqlExpression postfix(SqlExpression operand) {
    SqlExpression result = operand;
    while (true) {
      if (cursor.isSymbol("[")) {
        cursor.grow();
        result = subscript(result);
      } else if (cursor.isSymbol(".") && !cursor.peek(1).isSymbol("*")) {
        cursor.next();
        cursor.grow();
        Identifier field = cursor.identifier("the name of a field");
        if (cursor.isSymbol("(")) {
          throw cursor.unsupported(
              cursor.previous(),
              "Chained calls are not supported",
              "Write " + field.name().toUpperCase(java.util.Locale.ROOT) + "(value)");
        }
        result = new SqlExpression.FieldAccess(result, field);
      } else {
        return result;
      }
    }
  }

  private SqlExpression subscript(SqlExpression operand) {
    Token opening = cursor.next();
    Token word = cursor.peek();
    if (word.is(Token.Kind.WORD)
        && ACCESSORS.contains(word.upper())
        && cursor.peek(1).isSymbol("(")) {
      int closing = cursor.partner(cursor.position() + 1);
      if (closing >= 0 && cursor.token(closing + 1).isSymbol("]")) {
        cursor.next();
        Token parenthesis = cursor.next();
        SqlExpression index = expression();
        cursor.close(parenthesis);
        cursor.close(opening);
        return new SqlExpression.Subscript(operand, word.upper(), index, cursor.place(word));
      }
    }
    SqlExpression index = expression();
    cursor.close(opening);
    return new SqlExpression.Subscript(operand, "", index, cursor.place(opening));
  }

  // --- Operands --------------------------------------------------------------------------------

  private SqlExpression primary() {
    Token token = cursor.peek();
    return switch (token.kind()) {
      case INTEGER -> new SqlExpression.IntegerLiteral(cursor.next().text(), cursor.place(token));
      case FLOAT -> new SqlExpression.FloatLiteral(cursor.next().text(), cursor.place(token));
      case STRING ->
          new SqlExpression.StringLiteral(chunks(Token.Kind.STRING), cursor.place(token));
      case BYTES -> bytes();
      case PARAMETER -> new SqlExpression.Parameter(cursor.next().text(), cursor.place(token));
      case WORD, NAME -> named();
      case KEYWORD -> keyword();
      case SYMBOL -> symbol();
      case END -> throw expectedExpression();
    };
  }

  /** A literal in one piece or more: {@code 'a' r'b'} is one string, as in C. */
  private String chunks(Token.Kind kind) {
    Token last = cursor.next();
    if (!cursor.peek().is(kind)) {
      return last.text();
    }
    StringBuilder value = new StringBuilder(last.text());
    while (cursor.peek().is(kind)) {
      Token next = cursor.next();
      if (last.touches(next)) {
        String raw = cursor.raw(last);
        throw cursor.syntax(
            next,
            "Found " + cursor.describe(next) + " directly behind another string",
            "A quote inside a string is written \\" + raw.charAt(raw.length() - 1));
      }
      value.append(next.text());
      last = next;
    }
    return value.toString();
  }

  private SqlExpression bytes() {
    Token token = cursor.peek();
    String text = chunks(Token.Kind.BYTES);
    List<Byte> value = new ArrayList<>(text.length());
    for (int i = 0; i < text.length(); i++) {
      value.add((byte) text.charAt(i));
    }
    return new SqlExpression.BytesLiteral(value, cursor.place(token));
  }

  private SyntaxException expectedExpression() {
    Token token = cursor.peek();
    boolean behindComma = cursor.previous().isSymbol(",") && cursor.position() > 0;
    if (behindComma && !token.is(Token.Kind.SYMBOL)) {
      return cursor.syntax(
          token,
          "Expected an expression but found " + cursor.describe(token),
          "Remove the comma before it");
    }
    if (token.isSymbol("*") && cursor.previous().isSymbol("*")) {
      return cursor.syntax(token, "GoogleSQL has no operator **", "Write POW(a, b)");
    }
    if (token.is(Token.Kind.KEYWORD) && looksLikeName(token)) {
      return cursor.syntax(
          token,
          "Expected an expression but found the reserved word " + token.upper(),
          "If it is a name, put it in backticks: `" + token.text() + "`");
    }
    return cursor.expected("an expression", List.of());
  }

  /** Whether a reserved word stands where it makes sense only as a name that lacks backticks. */
  private boolean looksLikeName(Token keyword) {
    Token behind = cursor.peek(1);
    boolean nameFollows =
        behind.isSymbol(",")
            || behind.isSymbol(".")
            || behind.isSymbol("=")
            || behind.isSymbol(")")
            || behind.isWord("AS")
            || behind.isWord("FROM");
    return nameFollows || !Keywords.isStructural(keyword.upper());
  }

  private SqlExpression symbol() {
    if (cursor.isSymbol("(")) {
      return parenthesized();
    }
    if (cursor.isSymbol("[")) {
      return array(cursor.peek(), null);
    }
    if (cursor.isSymbol(":") && cursor.peek(1).isIdentifier()) {
      throw cursor.syntax(
          cursor.peek(),
          "Expected an expression but found \":\"",
          "A parameter is written @" + cursor.peek(1).text());
    }
    throw expectedExpression();
  }

  private SqlExpression parenthesized() {
    Token opening = cursor.peek();
    if (startsQueryInParentheses()) {
      return new SqlExpression.ScalarSubquery(
          grammar.queries().parenthesized(), cursor.place(opening));
    }
    List<SqlExpression> values = list();
    return values.size() == 1
        ? values.get(0)
        : new SqlExpression.StructConstructor(
            null, values, java.util.Collections.nCopies(values.size(), ""), cursor.place(opening));
  }

  boolean startsQueryInParentheses() {
    return grammar.queries().isQueryInParentheses(cursor.position());
  }

  private SqlExpression keyword() {
    Token token = cursor.peek();
    Token second = cursor.peek(1);
    return switch (token.upper()) {
      case "NULL" -> new SqlExpression.NullLiteral(cursor.place(cursor.next()));
      case "TRUE", "FALSE" ->
          new SqlExpression.BoolLiteral(cursor.next().isWord("TRUE"), cursor.place(token));
      case "CASE" -> caseExpression();
      case "CAST" -> cast(false);
      case "EXTRACT" -> extract();
      case "EXISTS" -> exists();
      case "INTERVAL" -> interval();
      case "ARRAY" -> arrayKeyword();
      case "STRUCT" -> struct();
      case "SELECT" ->
          throw cursor.syntax(
              token,
              "Expected an expression but found SELECT",
              "Put a subquery in parentheses: (SELECT ...)");
      case "WITH" ->
          throw second.isSymbol("(")
              ? cursor.unsupported(
                  token, "WITH expressions are not supported", "Use a subquery: (SELECT ...)")
              : expectedExpression();
      case "UNNEST" ->
          throw cursor.syntax(
              token,
              "UNNEST stands only in FROM and behind IN",
              "Write FROM UNNEST(array), or value IN UNNEST(array)");
      case "RANGE" ->
          throw second.is(Token.Kind.STRING) || second.isSymbol("<")
              ? cursor.unsupported(
                  token,
                  "Values of type RANGE are not supported",
                  "Keep the start and the end in two columns")
              : expectedExpression();
      default -> {
        if (Keywords.isFunction(token.upper()) && second.isSymbol("(")) {
          cursor.next();
          yield grammar
              .calls()
              .call(List.of(new Identifier(token.text(), cursor.place(token))), token);
        }
        throw expectedExpression();
      }
    };
  }

  private SqlExpression named() {
    Token first = cursor.peek();
    Token second = cursor.peek(1);
    if (first.is(Token.Kind.WORD)) {
      String literal = second.is(Token.Kind.STRING) ? TYPED_LITERALS.get(first.upper()) : null;
      if (literal != null) {
        cursor.next();
        return new SqlExpression.TypedLiteral(
            literal, chunks(Token.Kind.STRING), cursor.place(first, second));
      }
      if (first.isWord("SAFE_CAST") && second.isSymbol("(")) {
        return cast(true);
      }
    }
    List<Identifier> path = path();
    if (cursor.isSymbol("(")) {
      return grammar.calls().call(path, first);
    }
    if (path.size() == 1 && first.is(Token.Kind.WORD) && Keywords.isNiladic(first.upper())) {
      return grammar.calls().niladic(first);
    }
    return new SqlExpression.Path(path);
  }

  /** {@code a.b.c}; stops before {@code .*}. */
  private List<Identifier> path() {
    List<Identifier> path = new ArrayList<>();
    path.add(cursor.identifier("a name"));
    while (cursor.isSymbol(".") && !cursor.peek(1).isSymbol("*")) {
      cursor.next();
      path.add(cursor.identifier("a name"));
    }
    return path;
  }

  private SqlExpression caseExpression() {
    Token word = cursor.next();
    SqlExpression operand = cursor.isWord("WHEN") ? null : expression();
    List<SqlExpression.Case.When> whens = new ArrayList<>();
    while (cursor.acceptWord("WHEN")) {
      SqlExpression condition = expression();
      cursor.expectWord("THEN");
      whens.add(new SqlExpression.Case.When(condition, expression()));
    }
    if (whens.isEmpty()) {
      throw cursor.expected("WHEN", List.of("WHEN"));
    }
    SqlExpression otherwise = cursor.acceptWord("ELSE") ? expression() : null;
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

  private SqlExpression cast(boolean safe) {
    Token word = cursor.next();
    Token opening = cursor.expectSymbol("(");
    SqlExpression operand = expression();
    cursor.expectWord("AS");
    SqlType type = grammar.types().type();
    SqlExpression format = null;
    SqlExpression zone = null;
    if (cursor.acceptWord("FORMAT")) {
      format = expression();
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
    return expression();
  }

  private SqlExpression extract() {
    Token word = cursor.next();
    Token opening = cursor.expectSymbol("(");
    String part =
        cursor.identifier("a part such as YEAR").name().toUpperCase(java.util.Locale.ROOT);
    if (cursor.isSymbol("(")) {
      Token parenthesis = cursor.next();
      String day = cursor.identifier("a day of the week").name();
      part = part + "(" + day.toUpperCase(java.util.Locale.ROOT) + ")";
      cursor.close(parenthesis);
    }
    if (!cursor.isWord("FROM")) {
      throw cursor.syntax(
          cursor.peek(),
          "Expected FROM but found " + cursor.describe(cursor.peek()),
          "Write EXTRACT(" + part + " FROM value)");
    }
    cursor.next();
    SqlExpression operand = expression();
    SqlExpression zone = timeZone();
    cursor.close(opening);
    return new SqlExpression.Extract(part, operand, zone, cursor.place(word));
  }

  private SqlExpression exists() {
    Token word = cursor.next();
    if (!cursor.isSymbol("(") || !startsQueryInParentheses()) {
      throw cursor.syntax(
          cursor.isSymbol("(") ? cursor.peek(1) : cursor.peek(),
          "EXISTS takes a subquery",
          "Write EXISTS (SELECT ...)");
    }
    return new SqlExpression.Exists(grammar.queries().parenthesized(), cursor.place(word));
  }

  private SqlExpression interval() {
    Token word = cursor.next();
    SqlExpression value = expression();
    Token partToken = cursor.peek();
    String part = datePart();
    String toPart = cursor.acceptWord("TO") ? datePart() : null;
    if (cursor.isSymbol("(")) {
      throw cursor.unsupported(
          cursor.peek(), "Intervals have no precision in GoogleSQL", "Remove the parentheses");
    }
    return new SqlExpression.IntervalLiteral(value, part, toPart, cursor.place(word, partToken));
  }

  private static final List<String> INTERVAL_PARTS =
      List.of(
          "MICROSECOND",
          "MILLISECOND",
          "SECOND",
          "MINUTE",
          "HOUR",
          "DAY",
          "WEEK",
          "MONTH",
          "QUARTER",
          "YEAR");

  private String datePart() {
    Token token = cursor.peek();
    if (token.is(Token.Kind.WORD) && INTERVAL_PARTS.contains(token.upper())) {
      cursor.next();
      return token.upper();
    }
    if (token.is(Token.Kind.WORD)) {
      throw cursor.expected("an interval's part such as HOUR or DAY", INTERVAL_PARTS);
    }
    throw cursor.syntax(
        token,
        "Expected an interval's part but found " + cursor.describe(token),
        "Write for example INTERVAL 1 HOUR; the parts are " + String.join(", ", INTERVAL_PARTS));
  }

  private SqlExpression arrayKeyword() {
    Token word = cursor.peek();
    Token second = cursor.peek(1);
    if (second.isSymbol("(")) {
      cursor.next();
      if (!startsQueryInParentheses()) {
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

  private SqlExpression array(Token first, @Nullable SqlType elementType) {
    Token opening = cursor.next();
    List<SqlExpression> elements = new ArrayList<>();
    if (!cursor.isSymbol("]")) {
      do {
        elements.add(expression());
      } while (cursor.acceptSymbol(","));
    }
    cursor.closeList(opening);
    return new SqlExpression.ArrayConstructor(elementType, elements, cursor.place(first));
  }

  private SqlExpression struct() {
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
        SqlExpression value = expression();
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
