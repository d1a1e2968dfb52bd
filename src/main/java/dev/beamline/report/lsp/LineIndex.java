package dev.beamline.report.lsp;

import dev.beamline.diagnostic.Place;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;

/**
 * Places of a text as editors count them: lines and UTF-16 units from 0. Diagnostics count code
 * points from 1.
 */
final class LineIndex {

  private final String text;
  private final List<Integer> starts = new ArrayList<>(List.of(0));

  LineIndex(String text) {
    this.text = text;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
      if (c == '\n' || (c == '\r' && !pair)) {
        starts.add(i + 1);
      }
    }
  }

  String text() {
    return text;
  }

  /** The offset of a position, within the text whatever the position is. */
  int offset(Position position) {
    if (position.getLine() >= starts.size()) {
      return text.length();
    }
    int start = starts.get(position.getLine());
    return Math.min(start + position.getCharacter(), lineEnd(position.getLine()));
  }

  Position position(int offset) {
    int line = 0;
    while (line + 1 < starts.size() && starts.get(line + 1) <= offset) {
      line++;
    }
    return new Position(line, offset - starts.get(line));
  }

  Range range(int start, int end) {
    return new Range(position(start), position(end));
  }

  /** The place of a diagnostic; a whole file is its first line. */
  Range range(Place place) {
    int line = Math.max(0, place.line() - 1);
    if (line >= starts.size()) {
      return range(text.length(), text.length());
    }
    int start = starts.get(line);
    int end = lineEnd(line);
    if (place.line() == 0 || place.column() == 0) {
      return range(start, end);
    }
    int from = forward(start, place.column() - 1, end);
    return range(from, Math.max(from, forward(from, place.length(), end)));
  }

  String line(int line) {
    return line < starts.size() ? text.substring(starts.get(line), lineEnd(line)) : "";
  }

  int lines() {
    return starts.size();
  }

  int start(int line) {
    return starts.get(line);
  }

  private int lineEnd(int line) {
    int end = line + 1 < starts.size() ? starts.get(line + 1) : text.length();
    while (end > starts.get(line)
        && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    return end;
  }

  private int forward(int from, int codePoints, int limit) {
    int at = from;
    for (int i = 0; i < codePoints && at < limit; i++) {
      at += Character.charCount(text.codePointAt(at));
    }
    return Math.min(at, limit);
  }
}
