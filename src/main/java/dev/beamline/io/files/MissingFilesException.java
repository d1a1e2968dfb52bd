package dev.beamline.io.files;

import java.io.IOException;

/** No file is where a source has its path. */
public final class MissingFilesException extends IOException {

  private static final long serialVersionUID = 1L;

  public MissingFilesException(String source, String pattern) {
    super("source " + source + ": no file matches " + pattern);
  }
}
