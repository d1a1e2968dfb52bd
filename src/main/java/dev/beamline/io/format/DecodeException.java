package dev.beamline.io.format;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A record that does not keep its contract. Has no stack trace: it is a matter of data. */
public final class DecodeException extends Exception {

  private static final long serialVersionUID = 1L;

  private final DecodeErrorCode code;
  private final String reason;

  public DecodeException(DecodeErrorCode code, String reason) {
    this(code, reason, null);
  }

  private DecodeException(DecodeErrorCode code, String reason, @Nullable Throwable cause) {
    super(reason, cause, false, false);
    this.code = code;
    this.reason = reason;
  }

  /**
   * A value that its column's type refuses.
   *
   * @param column its path, such as {@code item.price}
   * @param problem for instance {@code 'abc' is not an INT64}
   */
  static DecodeException inColumn(String column, DecodeErrorCode code, String problem) {
    return new DecodeException(code, "column " + column + ": " + problem);
  }

  /** The same problem, said to be in that column. */
  DecodeException in(String column) {
    return inColumn(column, code, reason);
  }

  public DecodeErrorCode code() {
    return code;
  }

  /** What is wrong, with the value. */
  public String reason() {
    return Objects.requireNonNull(reason);
  }
}
