package dev.beamline.project;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a project's own files. */
final class TextFiles {

  private static final long LARGEST = 64L * 1024 * 1024;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TextFiles() {}

  /**
   * @param name as diagnostics name it
   * @return the text without a byte order mark; null where it cannot be read, which is reported
   */
  static @Nullable String read(Path file, String name, Problems problems) {
    try {
      if (Files.size(file) > LARGEST) {
        return unreadable(name, 0, "is larger than 64 MiB", problems);
      }
      byte[] bytes = Files.readAllBytes(file);
      CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
      CharBuffer out = CharBuffer.allocate(bytes.length + 1);
      ByteBuffer in = ByteBuffer.wrap(bytes);
      CoderResult result = decoder.decode(in, out, true);
      if (result.isError()) {
        int line = 1;
        for (int i = 0; i < in.position(); i++) {
          line += bytes[i] == '\n' ? 1 : 0;
        }
        return unreadable(name, line, "is not UTF-8 text", problems);
      }
      out.flip();
      String text = out.toString();
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    } catch (AccessDeniedException e) {
      return unreadable(name, 0, "may not be read", problems);
    } catch (IOException e) {
      return unreadable(name, 0, "cannot be read: " + e.getMessage(), problems);
    }
  }

  private static @Nullable String unreadable(String name, int line, String why, Problems problems) {
    problems.add(
        Diagnostic.error(
            DiagnosticCode.FILE_NOT_READABLE,
            line == 0 ? Place.ofFile(name) : new Place(name, line, 0, 1),
            name + " " + why,
            null));
    return null;
  }
}
