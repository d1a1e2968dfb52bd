package dev.beamline.gcs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bodies of several parts. */
public final class Multipart {

  private Multipart() {}

  /**
   * A part.
   *
   * @param headers names in lower case
   */
  public record Part(Map<String, String> headers, byte[] body) {}

  /**
   * Cuts a body.
   *
   * @param contentType that names the boundary
   */
  public static List<Part> parse(byte[] content, String contentType) {
    String boundary = contentType.replaceFirst("(?i).*boundary=\"?([^\";]+)\"?.*", "$1");
    byte[] mark = ("--" + boundary).getBytes(StandardCharsets.UTF_8);
    List<Part> parts = new ArrayList<>();
    int from = find(content, mark, 0);
    while (from >= 0) {
      int start = from + mark.length;
      int next = find(content, mark, start);
      if (next < 0) {
        return parts;
      }
      byte[] part = Arrays.copyOfRange(content, start, next);
      int head = find(part, "\r\n\r\n".getBytes(StandardCharsets.UTF_8), 0);
      if (head >= 0) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : new String(part, 0, head, StandardCharsets.UTF_8).split("\r\n")) {
          int colon = line.indexOf(':');
          if (colon > 0) {
            headers.put(
                line.substring(0, colon).trim().toLowerCase(), line.substring(colon + 1).trim());
          }
        }
        int end = part.length;
        if (end >= head + 6 && part[end - 2] == '\r' && part[end - 1] == '\n') {
          end -= 2;
        }
        parts.add(new Part(headers, Arrays.copyOfRange(part, head + 4, end)));
      }
      from = next;
    }
    return parts;
  }

  private static int find(byte[] in, byte[] what, int from) {
    for (int i = from; i <= in.length - what.length; i++) {
      int k = 0;
      while (k < what.length && in[i + k] == what[k]) {
        k++;
      }
      if (k == what.length) {
        return i;
      }
    }
    return -1;
  }
}
