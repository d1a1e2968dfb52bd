package dev.beamline.io.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a record into fields, as RFC 4180 has it. A field that begins with a quote ends with one,
 * and two quotes within stand for one; a quote within a field that does not begin with one is a
 * letter.
 */
final class CsvFields {

  private final byte delimiter;
  private byte[] bytes = new byte[0];
  private int count;
  private int[] starts = new int[16];
  private int[] ends = new int[16];
  private boolean[] quoted = new boolean[16];
  private boolean[] escaped = new boolean[16];

  /** What came of cutting. */
  enum Outcome {
    WHOLE,
    /** A quoted field does not end: the record may go on in the next line. */
    OPEN,
    /** Something other than a delimiter follows a closing quote. */
    MALFORMED
  }

  CsvFields(char delimiter) {
    this.delimiter = (byte) delimiter;
  }

  /** The bytes must stay as they are until the fields were read. */
  Outcome cut(byte[] record, int offset, int length) {
    bytes = record;
    count = 0;
    int end = offset + length;
    if (end > offset && record[end - 1] == '\r') {
      end--;
    }
    int at = offset;
    while (true) {
      if (at < end && record[at] == '"') {
        int close = at + 1;
        boolean twice = false;
        while (true) {
          while (close < end && record[close] != '"') {
            close++;
          }
          if (close >= end) {
            return Outcome.OPEN;
          }
          if (close + 1 < end && record[close + 1] == '"') {
            twice = true;
            close += 2;
          } else {
            break;
          }
        }
        add(at + 1, close, true, twice);
        at = close + 1;
        if (at < end && record[at] != delimiter) {
          return Outcome.MALFORMED;
        }
      } else {
        int start = at;
        while (at < end && record[at] != delimiter) {
          at++;
        }
        add(start, at, false, false);
      }
      if (at >= end) {
        return Outcome.WHOLE;
      }
      at++;
    }
  }

  private void add(int start, int end, boolean isQuoted, boolean isEscaped) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
      quoted = Arrays.copyOf(quoted, count * 2);
      escaped = Arrays.copyOf(escaped, count * 2);
    }
    starts[count] = start;
    ends[count] = end;
    quoted[count] = isQuoted;
    escaped[count] = isEscaped;
    count++;
  }

  int count() {
    return count;
  }

  boolean isQuoted(int index) {
    return quoted[index];
  }

  /** Whether the field is given by its bytes: no quotes stand for others in it. */
  boolean isPlain(int index) {
    return !escaped[index];
  }

  int start(int index) {
    return starts[index];
  }

  int length(int index) {
    return ends[index] - starts[index];
  }

  /** Whether the field has these bytes. */
  boolean is(int index, byte[] others) {
    return Arrays.equals(bytes, starts[index], ends[index], others, 0, others.length);
  }

  String text(int index) {
    String text =
        new String(bytes, starts[index], ends[index] - starts[index], StandardCharsets.UTF_8);
    return escaped[index] ? text.replace("\"\"", "\"") : text;
  }

  List<String> texts() {
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(text(i));
    }
    return texts;
  }
}
