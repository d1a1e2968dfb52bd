package dev.beamline.catalog;

import dev.beamline.diagnostic.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads types as BigQuery writes them: {@code INT64}, {@code ARRAY<STRUCT<id STRING, n INT64>>}, in
 * any case, and BigQuery's other names for them such as {@code INTEGER} and {@code DECIMAL}.
 */
public final class TypeParser {

  private static final int DEEPEST = 15;
  private static final Map<String, ScalarType> NAMES = names();
  private static final List<String> KNOWN = known();

  private final String text;
  private int position;

  private TypeParser(String text) {
    this.text = text;
  }

  /** Says what is wrong with a type, and where in its text. */
  public static final class InvalidTypeException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int offset;
    private final int length;
    private final @Nullable String hint;

    InvalidTypeException(String message, int offset, int length, @Nullable String hint) {
      super(message);
      this.offset = offset;
      this.length = length;
      this.hint = hint;
    }

    public String message() {
      return String.valueOf(getMessage());
    }

    /** Index into the text. */
    public int offset() {
      return offset;
    }

    /** Of the part that is wrong; 1 or more. */
    public int length() {
      return length;
    }

    public @Nullable String hint() {
      return hint;
    }
  }

  /**
   * @throws InvalidTypeException where the text is no type
   */
  public static Type parse(String text) throws InvalidTypeException {
    TypeParser parser = new TypeParser(text);
    Type type = parser.type(0);
    parser.space();
    if (parser.position < text.length()) {
      String rest = text.substring(parser.position).strip();
      throw parser.invalid(
          "\"" + rest + "\" does not belong to the type",
          parser.position,
          rest.length(),
          rest.equalsIgnoreCase("NOT NULL")
              ? "write {type: " + type.sql() + ", required: true}"
              : null);
    }
    return type;
  }

  private Type type(int depth) throws InvalidTypeException {
    space();
    int start = position;
    String name = word();
    if (name.isEmpty()) {
      throw invalid(
          start < text.length()
              ? "expected a type, not \"" + text.charAt(start) + "\""
              : "a type is missing",
          start,
          1,
          "such as STRING, INT64, ARRAY<STRING>, STRUCT<id STRING, price NUMERIC>");
    }
    if (depth > DEEPEST) {
      throw invalid("types are nested more than " + DEEPEST + " deep", start, name.length(), null);
    }
    String upper = name.toUpperCase(Locale.ROOT);
    if (upper.equals("ARRAY")) {
      return array(start, depth);
    }
    if (upper.equals("STRUCT") || upper.equals("RECORD")) {
      return struct(depth);
    }
    ScalarType scalar = NAMES.get(upper);
    if (scalar == null) {
      throw unknown(name, start);
    }
    space();
    if (at('(')) {
      int end = text.indexOf(')', position);
      throw invalid(
          "the length or precision of " + upper + " is not supported",
          position,
          (end < 0 ? text.length() : end + 1) - position,
          "write " + scalar.sql());
    }
    return scalar;
  }

  private Type array(int start, int depth) throws InvalidTypeException {
    expect('<', "ARRAY", "such as ARRAY<STRING>");
    space();
    int at = position;
    Type element = type(depth + 1);
    if (element instanceof ArrayType) {
      throw invalid(
          "an array cannot hold arrays",
          at,
          position - at,
          "as in BigQuery, put a struct between: ARRAY<STRUCT<items " + element.sql() + ">>");
    }
    expect('>', "ARRAY", "the < of ARRAY at " + (start + 1) + " is not closed");
    return new ArrayType(element);
  }

  private Type struct(int depth) throws InvalidTypeException {
    expect('<', "STRUCT", "such as STRUCT<id STRING, price NUMERIC>");
    List<Column> fields = new ArrayList<>();
    do {
      fields.add(field(fields, depth));
      space();
    } while (accept(','));
    expect('>', "STRUCT", "fields are parted by commas: STRUCT<id STRING, price NUMERIC>");
    return new StructType(fields);
  }

  private Column field(List<Column> before, int depth) throws InvalidTypeException {
    space();
    int start = position;
    String name = accept('`') ? quoted(start) : word();
    if (name.isEmpty()) {
      throw invalid(
          "a field's name is missing", start, 1, "such as STRUCT<id STRING, price NUMERIC>");
    }
    space();
    accept(':');
    space();
    if (position == text.length() || at(',') || at('>') || at('<') || at('(')) {
      throw invalid(
          "the field \"" + name + "\" has no type, or no name",
          start,
          position - start,
          "write the name before the type: STRUCT<id STRING, price NUMERIC>");
    }
    if (before.stream().anyMatch(f -> f.name().equalsIgnoreCase(name))) {
      throw invalid(
          "the field \"" + name + "\" is there twice", start, position - start, "rename one");
    }
    return Column.of(name, type(depth + 1));
  }

  private String quoted(int start) throws InvalidTypeException {
    int end = text.indexOf('`', position);
    if (end < 0) {
      throw invalid("a quoted name is not closed", start, text.length() - start, null);
    }
    String name = text.substring(position, end);
    position = end + 1;
    return name;
  }

  private InvalidTypeException unknown(String name, int start) {
    String upper = name.toUpperCase(Locale.ROOT);
    String meant =
        switch (upper) {
          case "VARCHAR", "TEXT", "CHAR" -> "STRING";
          case "FLOAT", "DOUBLE", "REAL" -> "FLOAT64";
          case "LONG", "INT32", "UINT64", "NUMBER" -> "INT64";
          case "BINARY", "VARBINARY", "BLOB" -> "BYTES";
          case "TIMESTAMPTZ" -> "TIMESTAMP";
          default -> null;
        };
    Optional<String> near = meant != null ? Optional.of(meant) : NearestName.of(name, KNOWN);
    return invalid(
        "\"" + name + "\" is not a type",
        start,
        name.length(),
        near.map(n -> "did you mean " + n + "? Allowed: ").orElse("allowed: ")
            + String.join(", ", KNOWN));
  }

  private InvalidTypeException invalid(
      String message, int offset, int length, @Nullable String hint) {
    return new InvalidTypeException(message, offset, Math.max(1, length), hint);
  }

  private void space() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
  }

  private String word() {
    int start = position;
    while (position < text.length()
        && (Character.isLetterOrDigit(text.charAt(position)) || at('_'))) {
      position++;
    }
    return text.substring(start, position);
  }

  private boolean at(char c) {
    return position < text.length() && text.charAt(position) == c;
  }

  private boolean accept(char c) {
    space();
    if (at(c)) {
      position++;
      return true;
    }
    return false;
  }

  private void expect(char c, String where, String hint) throws InvalidTypeException {
    if (!accept(c)) {
      throw invalid(
          "expected "
              + c
              + " in "
              + where
              + (position < text.length() ? ", not \"" + text.charAt(position) + "\"" : ""),
          Math.max(0, Math.min(position, text.length() - 1)),
          1,
          hint);
    }
  }

  private static Map<String, ScalarType> names() {
    Map<String, ScalarType> names = new LinkedHashMap<>();
    for (ScalarType type : ScalarType.values()) {
      names.put(type.name(), type);
    }
    for (String integer :
        new String[] {"INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "BYTEINT"}) {
      names.put(integer, ScalarType.INT64);
    }
    names.put("DECIMAL", ScalarType.NUMERIC);
    names.put("BIGDECIMAL", ScalarType.BIGNUMERIC);
    names.put("BOOLEAN", ScalarType.BOOL);
    return names;
  }

  private static List<String> known() {
    List<String> known = new ArrayList<>();
    for (ScalarType type : ScalarType.values()) {
      if (type != ScalarType.INTERVAL) {
        known.add(type.name());
      }
    }
    known.add("ARRAY<...>");
    known.add("STRUCT<...>");
    return known;
  }
}
