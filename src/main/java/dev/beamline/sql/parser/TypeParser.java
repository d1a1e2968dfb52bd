package dev.beamline.sql.parser;

import dev.beamline.sql.ast.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses types: {@code INT64}, {@code NUMERIC(10, 2)}, {@code ARRAY<STRUCT<id STRING, n INT64>>}.
 */
final class TypeParser {

  private final Cursor cursor;

  TypeParser(Cursor cursor) {
    this.cursor = cursor;
  }

  SqlType type() {
    cursor.enter();
    try {
      Token token = cursor.peek();
      return switch (token.upper()) {
        case "ARRAY" -> array();
        case "STRUCT" -> struct();
        default -> named();
      };
    } finally {
      cursor.leave();
    }
  }

  private SqlType array() {
    Token word = cursor.next();
    Token opening = openAngle(word, "ARRAY<INT64>");
    SqlType element = type();
    cursor.close(opening);
    return new SqlType.Array(element, cursor.place(word));
  }

  private SqlType struct() {
    Token word = cursor.next();
    if (cursor.isSymbol("<>")) {
      cursor.next();
      return new SqlType.Struct(List.of(), cursor.place(word));
    }
    Token opening = openAngle(word, "STRUCT<id STRING, price NUMERIC>");
    List<SqlType.Field> fields = new ArrayList<>();
    if (!cursor.isSymbol(">")) {
      do {
        fields.add(field());
      } while (cursor.acceptSymbol(","));
    }
    if (!cursor.isSymbol(">")) {
      throw cursor.expected("\",\" or \">\"", List.of());
    }
    cursor.close(opening);
    return new SqlType.Struct(fields, cursor.place(word));
  }

  private Token openAngle(Token word, String example) {
    if (!cursor.isSymbol("<")) {
      throw cursor.syntax(
          word,
          "The type "
              + word.upper()
              + " needs its "
              + (word.isWord("ARRAY") ? "element" : "field")
              + (word.isWord("ARRAY") ? " type" : "s"),
          "Write for example " + example);
    }
    return cursor.next();
  }

  private SqlType.Field field() {
    Token first = cursor.peek();
    Token second = cursor.peek(1);
    if (first.isIdentifier() && second.isSymbol(":")) {
      throw cursor.syntax(
          second,
          "Expected a type but found \":\"",
          "Write " + first.text() + " " + cursor.peek(2).text());
    }
    if (startsType(second) && !isDoublePrecision()) {
      String name = cursor.identifier("the name of a field").name();
      return new SqlType.Field(name, type());
    }
    return new SqlType.Field(null, type());
  }

  private static boolean startsType(Token token) {
    return token.isIdentifier()
        || token.isWord("ARRAY")
        || token.isWord("STRUCT")
        || token.isWord("INTERVAL")
        || token.isWord("RANGE");
  }

  private boolean isDoublePrecision() {
    return cursor.isWords("DOUBLE", "PRECISION") && !startsType(cursor.peek(2));
  }

  private SqlType named() {
    Token first = cursor.peek();
    refuseForeign(first);
    boolean interval = first.isWord("INTERVAL");
    if (!interval && !first.isIdentifier()) {
      throw cursor.expected("a type", List.of());
    }
    cursor.next();
    StringBuilder name = new StringBuilder(first.text());
    while (cursor.isSymbol(".") && cursor.peek(1).is(Token.Kind.NAME)) {
      cursor.next();
      name.append('.').append(cursor.next().text());
    }
    if (first.isWord("DOUBLE") && cursor.acceptWord("PRECISION")) {
      name.append(" PRECISION");
    }
    List<Long> parameters = parameters();
    refuseSuffix(first);
    return new SqlType.Named(
        name.toString().toUpperCase(java.util.Locale.ROOT), parameters, cursor.place(first));
  }

  private void refuseForeign(Token first) {
    String hint = foreign(first);
    if (hint != null) {
      throw cursor.unsupported(first, "The type " + first.upper() + " is not supported", hint);
    }
  }

  private @Nullable String foreign(Token first) {
    boolean angle = cursor.peek(1).isSymbol("<");
    boolean parenthesis = cursor.peek(1).isSymbol("(");
    return switch (first.upper()) {
      case "MAP" -> angle ? "Write ARRAY<STRUCT<key STRING, value STRING>>" : null;
      case "ROW" -> angle || parenthesis ? "Write STRUCT<name type, ...>" : null;
      case "MULTISET" -> angle ? "Write ARRAY<type>" : null;
      case "RANGE" -> "Keep the start and the end in two columns";
      default -> null;
    };
  }

  private List<Long> parameters() {
    if (!cursor.isSymbol("(")) {
      return List.of();
    }
    Token opening = cursor.next();
    List<Long> parameters = new ArrayList<>();
    do {
      Token token = cursor.peek();
      if (!token.is(Token.Kind.INTEGER)) {
        throw cursor.expected("a whole number", List.of());
      }
      try {
        parameters.add(Long.decode(token.text().replaceFirst("^0+(?=[0-9])", "")));
      } catch (NumberFormatException e) {
        throw cursor.syntax(token, "The type's parameter " + token.text() + " is too large", null);
      }
      cursor.next();
    } while (cursor.acceptSymbol(","));
    cursor.closeList(opening);
    return parameters;
  }

  private void refuseSuffix(Token first) {
    if (cursor.isWord("WITH") || cursor.isWord("WITHOUT")) {
      throw cursor.unsupported(
          cursor.peek(),
          "GoogleSQL's types have no time zone clause",
          "Write TIMESTAMP for a moment in time, DATETIME for a date and time without a zone");
    }
    if (cursor.isWord("ARRAY") || cursor.isWord("MULTISET")) {
      throw cursor.syntax(
          cursor.peek(),
          "GoogleSQL writes the element type behind ARRAY",
          "Write ARRAY<" + first.text() + ">");
    }
  }
}
