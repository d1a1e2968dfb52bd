package dev.beamline.sql.parser;

import java.util.Arrays;

/** Turns offsets of UTF-16 units into lines and columns of code points. */
final class Locator {

  private final String text;
  private final int firstLine;
  private final int firstColumn;
  private final int[] lineStarts;
  private final boolean plain;
  // The last answer: places are mostly asked for in order, so counting goes on from there.
  private int cachedIndex;
  private int cachedLineStart = -1;
  private int cachedOffset;
  private int cachedCount;

  /**
   * Where the text stands in its file.
   *
   * @param firstLine line of the text's first character, 1-based
   * @param firstColumn column of the text's first character, 1-based
   */
  Locator(String text, int firstLine, int firstColumn) {
    this.text = text;
    this.firstLine = firstLine;
    this.firstColumn = firstColumn;
    this.lineStarts = lineStarts(text);
    this.plain = isPlain(text);
  }

  /** Whether units and code points are the same. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static int[] lineStarts(String text) {
    int[] starts = new int[16];
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean ends =
          c == '\n' || (c == '\r' && !(i + 1 < text.length() && text.charAt(i + 1) == '\n'));
      if (ends) {
        if (count == starts.length) {
          starts = Arrays.copyOf(starts, count * 2);
        }
        starts[count++] = i + 1;
      }
    }
    return Arrays.copyOf(starts, count);
  }

  private int lineIndex(int offset) {
    boolean cached =
        lineStarts[cachedIndex] <= offset
            && (cachedIndex + 1 == lineStarts.length || offset < lineStarts[cachedIndex + 1]);
    if (!cached) {
      int found = Arrays.binarySearch(lineStarts, offset);
      cachedIndex = found >= 0 ? found : -found - 2;
    }
    return cachedIndex;
  }

  int line(int offset) {
    return firstLine + lineIndex(offset);
  }

  int column(int offset) {
    int index = lineIndex(offset);
    int start = lineStarts[index];
    int count = plain ? offset - start : countFrom(start, offset);
    return (index == 0 ? firstColumn : 1) + count;
  }

  private int countFrom(int lineStart, int offset) {
    int from = lineStart;
    int count = 0;
    if (lineStart == cachedLineStart && cachedOffset <= offset) {
      from = cachedOffset;
      count = cachedCount;
    }
    count += text.codePointCount(from, offset);
    cachedLineStart = lineStart;
    cachedOffset = offset;
    cachedCount = count;
    return count;
  }

  /** Code points from start to end, but only on the start's line; at least 1. */
  int length(int start, int end) {
    int index = lineIndex(start);
    int lineEnd = index + 1 < lineStarts.length ? lineStarts[index + 1] : text.length();
    int stop = Math.min(end, lineEnd);
    while (stop > start && (text.charAt(stop - 1) == '\n' || text.charAt(stop - 1) == '\r')) {
      stop--;
    }
    int length = plain ? stop - start : text.codePointCount(start, stop);
    return Math.max(1, length);
  }
}
