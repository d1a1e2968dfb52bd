package dev.beamline.project;

import dev.beamline.diagnostic.Place;
import java.util.ArrayList;
import java.util.List;

/** The lines of a text, and places in it. Columns count code points. */
final class Lines {

  private final String text;
  private final List<Integer> starts = new ArrayList<>();

  Lines(String text) {
    this.text = text;
    starts.add(0);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'))) {
        starts.add(i + 1);
      }
    }
  }

  String text() {
    return text;
  }

  int count() {
    return starts.size();
  }

  /** A line without its end; 1-based; empty beyond the last. */
  String line(int line) {
    if (line < 1 || line > starts.size()) {
      return "";
    }
    int end = line == starts.size() ? text.length() : starts.get(line);
    while (end > starts.get(line - 1) && isEnd(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(starts.get(line - 1), end);
  }

  private static boolean isEnd(char c) {
    return c == '\n' || c == '\r';
  }

  int length(String part) {
    return part.codePointCount(0, part.length());
  }

  Place place(String file, int line, int column, int length) {
    return new Place(file, line, column, Math.max(1, length));
  }

  /** The place of an index into the text. */
  Place placeAt(String file, int index, int length) {
    int low = 0;
    int high = starts.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts.get(middle) <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    int column = text.codePointCount(starts.get(low), index) + 1;
    return new Place(file, low + 1, column, Math.max(1, length));
  }
}
