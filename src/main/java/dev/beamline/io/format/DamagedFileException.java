package dev.beamline.io.format;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file whose bytes cannot be read on: what was read before is good, the rest is lost. */
public final class DamagedFileException extends IOException {

  private static final long serialVersionUID = 1L;

  private final DecodeErrorCode code;
  private final String reason;

  public DamagedFileException(DecodeErrorCode code, String reason, @Nullable Throwable cause) {
    super(reason, cause);
    this.code = code;
    this.reason = reason;
  }

  DecodeException asDecodeException() {
    return new DecodeException(code, reason);
  }
}
