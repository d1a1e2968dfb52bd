package dev.beamline.execution.function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.beamline.execution.expression.EvaluationException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A JSONPath: {@code $} and then {@code .key}, {@code ."key"}, {@code ['key']} and {@code [0]}.
 * Where nothing says otherwise, a step may be a key or, of arrays, an index, whichever way it is
 * written.
 *
 * @param steps outermost first
 * @param lax whether arrays are looked into and single values taken for arrays of one ({@code lax
 *     $})
 * @param recursive whether that goes on through nested arrays ({@code lax recursive $})
 */
record JsonPath(List<Step> steps, boolean lax, boolean recursive) {

  /**
   * One step.
   *
   * @param key as written, without quotes
   * @param bracketed whether it was a number in brackets
   */
  record Step(String key, boolean bracketed) {

    /** Which element of an array it is; empty where it is none. */
    OptionalInt index() {
      boolean digits = !key.isEmpty() && key.length() <= 9;
      for (int i = 0; digits && i < key.length(); i++) {
        digits = TextCursor.isDigit(key.charAt(i));
      }
      return digits ? OptionalInt.of(Integer.parseInt(key)) : OptionalInt.empty();
    }
  }

  JsonPath {
    steps = List.copyOf(steps);
  }

  /**
   * Reads a path.
   *
   * @throws EvaluationException saying what is wrong with it
   */
  static JsonPath of(String path) {
    TextCursor cursor = new TextCursor(path);
    boolean lax = false;
    boolean recursive = false;
    while (cursor.takeIgnoringCase("lax ") || cursor.takeIgnoringCase("recursive ")) {
      boolean isLax = Character.toLowerCase(path.charAt(cursor.position() - 2)) == 'x';
      if (isLax ? lax : recursive) {
        throw new EvaluationException("JSONPath repeats a modifier: " + path);
      }
      lax |= isLax;
      recursive |= !isLax;
      cursor.skipSpaces();
    }
    if (recursive && !lax) {
      throw new EvaluationException(
          "The JSONPath modifier 'recursive' needs 'lax' beside it: " + path);
    }
    if (!cursor.take('$')) {
      throw new EvaluationException("JSONPath must start with '$': '" + path + "'");
    }
    List<Step> steps = new ArrayList<>();
    while (!cursor.atEnd()) {
      steps.add(step(cursor));
    }
    return new JsonPath(steps, lax, recursive);
  }

  private static Step step(TextCursor cursor) {
    String rest = cursor.rest();
    if (cursor.take('.')) {
      if (cursor.at('"')) {
        return new Step(quoted(cursor, rest), false);
      }
      int start = cursor.position();
      StringBuilder key = new StringBuilder();
      while (!cursor.atEnd() && isKey(cursor.peek())) {
        key.append(cursor.peek());
        cursor.skip(1);
      }
      if (cursor.position() > start) {
        return new Step(key.toString(), false);
      }
    } else if (cursor.take('[')) {
      cursor.skipSpaces();
      boolean isQuoted = cursor.at('\'') || cursor.at('"');
      StringBuilder key = new StringBuilder();
      if (isQuoted) {
        key.append(quoted(cursor, rest));
      } else {
        while (!cursor.atEnd() && isIndex(cursor.peek())) {
          key.append(cursor.peek());
          cursor.skip(1);
        }
      }
      cursor.skipSpaces();
      if (cursor.take(']') && (isQuoted || key.length() > 0)) {
        return new Step(key.toString(), !isQuoted);
      }
    }
    for (String unsupported : new String[] {"*", "..", "@"}) {
      if (rest.contains(unsupported)) {
        throw new EvaluationException("Unsupported operator in JSONPath: " + unsupported);
      }
    }
    throw new EvaluationException("Invalid token in JSONPath at: " + rest);
  }

  private static boolean isKey(char c) {
    return Character.isLetterOrDigit(c)
        || Character.isSurrogate(c)
        || c == '_'
        || c == '-'
        || c == ':'
        || TextCursor.isSpace(c);
  }

  private static boolean isIndex(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-';
  }

  /** A key in quotes, in which a backslash hides the quote. */
  private static String quoted(TextCursor cursor, String rest) {
    char quote = cursor.peek();
    cursor.skip(1);
    StringBuilder key = new StringBuilder();
    while (!cursor.atEnd()) {
      char c = cursor.peek();
      cursor.skip(1);
      if (c == quote) {
        return key.toString();
      }
      boolean escapes = c == '\\' && cursor.at(quote);
      key.append(escapes ? quote : c);
      cursor.skip(escapes ? 1 : 0);
    }
    throw new EvaluationException("Invalid token in JSONPath at: " + rest);
  }

  /** What the path leads to; null where that is nothing. */
  @Nullable JsonNode select(JsonNode root) {
    JsonNode value = root;
    for (Step step : steps) {
      JsonNode next = null;
      if (value.isObject()) {
        next = value.get(step.key());
      } else if (value.isArray() && step.index().isPresent()) {
        next = value.get(step.index().getAsInt());
      }
      if (next == null) {
        return null;
      }
      value = next;
    }
    return value;
  }

  /** All that a lax path leads to, in the order of the document. */
  List<JsonNode> selectLax(JsonNode root) {
    List<JsonNode> found = new ArrayList<>();
    selectLax(root, 0, found);
    return found;
  }

  private void selectLax(JsonNode value, int done, List<JsonNode> found) {
    if (done == steps.size()) {
      found.add(value);
      return;
    }
    Step step = steps.get(done);
    if (step.bracketed()) {
      int index = step.index().orElse(-1);
      if (value.isArray() && value.has(index)) {
        selectLax(value.get(index), done + 1, found);
      } else if (!value.isArray() && index == 0) {
        selectLax(value, done + 1, found);
      }
    } else if (value.isObject()) {
      if (value.has(step.key())) {
        selectLax(value.get(step.key()), done + 1, found);
      }
    } else if (value.isArray()) {
      for (JsonNode element : value) {
        if (element.isObject() || (recursive && element.isArray())) {
          selectLax(element, done, found);
        }
      }
    }
  }
}
