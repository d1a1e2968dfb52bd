package dev.beamline.report.lsp;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.lsp4j.Position;
import org.jspecify.annotations.Nullable;

/** Where a position of a YAML file is, by indentation and brackets, also while it is not right. */
final class YamlText {

  private static final Pattern KEY =
      Pattern.compile("^(\\s*)((?:- +)*)(?:\"([^\"]+)\"|([\\w.*-]+))\\s*:(?=\\s|$)");
  private static final Pattern FLOW_KEY =
      Pattern.compile("(?:\"([^\"]+)\"|([\\w.*-]+))\\s*:(?=\\s|$)");

  private final LineIndex lines;

  YamlText(LineIndex lines) {
    this.lines = lines;
  }

  /**
   * A position.
   *
   * @param path the keys around it, outermost first; of a value its own key, too
   * @param value whether a value is written there
   * @param word what stands there, as far as the position
   * @param keys keys that the same mapping has in other lines
   */
  record Spot(List<String> path, boolean value, String word, Set<String> keys) {}

  Spot spot(Position position) {
    String line = lines.line(position.getLine());
    String head = line.substring(0, Math.min(position.getCharacter(), line.length()));
    Matcher key = KEY.matcher(line);
    boolean hasKey = key.find();
    int indent = hasKey ? key.start(key.group(3) != null ? 3 : 4) : indent(head);
    boolean behindColon = hasKey && head.length() >= key.end();
    List<String> path =
        new ArrayList<>(parents(position.getLine(), hasKey ? indent : column(head)));
    if (!behindColon) {
      return new Spot(path, isItem(head, path), word(head), siblings(position.getLine(), indent));
    }
    path.add(name(key));
    return flow(path, head.substring(key.end()));
  }

  /** Within brackets on the same line: {@code {type: fixed, size: 1h}}. */
  private static Spot flow(List<String> outer, String text) {
    List<List<String>> stack = new ArrayList<>();
    List<String> path = new ArrayList<>(outer);
    Set<String> keys = new TreeSet<>();
    boolean value = true;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '{') {
        stack.add(List.copyOf(path));
        keys.clear();
        value = false;
        from = i + 1;
      } else if ((c == '}' || c == ']') && !stack.isEmpty()) {
        path = new ArrayList<>(stack.remove(stack.size() - 1));
        value = true;
        from = i + 1;
      } else if (c == '[') {
        stack.add(List.copyOf(path));
        from = i + 1;
      } else if (c == ',') {
        boolean mapping = !stack.isEmpty() && text.lastIndexOf('{', i) > text.lastIndexOf('[', i);
        if (mapping) {
          path = new ArrayList<>(stack.get(stack.size() - 1));
          value = false;
        }
        from = i + 1;
      } else if (c == ':' && !value) {
        Matcher key = FLOW_KEY.matcher(text.substring(from, i) + ": ");
        if (key.find()) {
          String name = key.group(1) != null ? key.group(1) : key.group(2);
          path = new ArrayList<>(stack.isEmpty() ? outer : stack.get(stack.size() - 1));
          path.add(name);
          keys.add(name);
          value = true;
          from = i + 1;
        }
      }
    }
    return new Spot(List.copyOf(path), value, text.substring(from).strip(), Set.copyOf(keys));
  }

  private static String name(Matcher key) {
    return key.group(3) != null ? key.group(3) : key.group(4);
  }

  private static int indent(String line) {
    int i = 0;
    while (i < line.length() && (line.charAt(i) == ' ' || line.charAt(i) == '-')) {
      i++;
    }
    return i;
  }

  private static int column(String head) {
    return indent(head);
  }

  /** Whether a scalar item of a list is written. */
  private static boolean isItem(String head, List<String> path) {
    return head.strip().startsWith("-") && !path.isEmpty();
  }

  private static String word(String head) {
    int start = head.length();
    while (start > 0
        && (Character.isLetterOrDigit(head.charAt(start - 1)) || head.charAt(start - 1) == '_')) {
      start--;
    }
    return head.substring(start);
  }

  /** The keys of the lines above that are further out. */
  private List<String> parents(int line, int indent) {
    List<String> path = new ArrayList<>();
    int limit = indent;
    for (int i = line - 1; i >= 0 && limit > 0; i--) {
      Matcher key = KEY.matcher(lines.line(i));
      if (key.find()) {
        int at = key.start(key.group(3) != null ? 3 : 4);
        if (at < limit) {
          path.add(0, name(key));
          limit = at;
        }
      }
    }
    return path;
  }

  private Set<String> siblings(int line, int indent) {
    Set<String> found = new TreeSet<>();
    for (int step : new int[] {-1, 1}) {
      for (int i = line + step; i >= 0 && i < lines.lines(); i += step) {
        String text = lines.line(i);
        if (text.isBlank() || text.strip().startsWith("#")) {
          continue;
        }
        Matcher key = KEY.matcher(text);
        boolean hasKey = key.find();
        int at = hasKey ? key.start(key.group(3) != null ? 3 : 4) : indent(text);
        if (at < indent) {
          break;
        }
        if (hasKey && at == indent) {
          found.add(name(key));
        }
      }
    }
    return found;
  }

  /** The key or plain word around a position, with its offsets; null: none. */
  @Nullable Token token(Position position) {
    int offset = lines.offset(position);
    String text = lines.text();
    int start = offset;
    int end = offset;
    while (start > 0 && isWord(text.charAt(start - 1))) {
      start--;
    }
    while (end < text.length() && isWord(text.charAt(end))) {
      end++;
    }
    if (start == end) {
      return null;
    }
    int after = end;
    while (after < text.length() && (text.charAt(after) == ' ' || text.charAt(after) == '"')) {
      after++;
    }
    boolean isKey = after < text.length() && text.charAt(after) == ':';
    return new Token(text.substring(start, end), start, end, isKey);
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  /** A word and whether it is a key. */
  record Token(String text, int start, int end, boolean key) {}
}
