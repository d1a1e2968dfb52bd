package dev.beamline.io.files;

import dev.beamline.io.format.BadRecord;
import dev.beamline.transform.ErrorRecord;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes error records of a range's bad ones, with the line in the whole file. */
final class ErrorRecords {

  private final String origin;
  private final FileRange range;
  private boolean counted;
  private @Nullable Long linesBefore;

  ErrorRecords(String origin, FileRange range) {
    this.origin = origin;
    this.range = range;
  }

  ErrorRecord of(BadRecord bad) throws IOException {
    return new ErrorRecord(
        origin, bad.code(), bad.message(), bad.input(), bad.base64(), location(bad), null);
  }

  private String location(BadRecord bad) throws IOException {
    String path = range.file().path();
    if (bad.line() == 0) {
      return path + " record " + bad.number();
    }
    Long before = linesBefore();
    return before == null
        ? path + " line " + bad.line() + " from byte " + range.start()
        : path + ":" + (before + bad.line());
  }

  /** Counted once a range, and only where something is wrong in it. */
  private @Nullable Long linesBefore() throws IOException {
    if (!counted) {
      counted = true;
      linesBefore = range.start() == 0 ? Long.valueOf(0) : range.linesBefore();
    }
    return linesBefore;
  }
}
