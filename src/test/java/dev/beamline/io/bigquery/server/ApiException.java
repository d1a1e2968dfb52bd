package dev.beamline.io.bigquery.server;

/** What the service answers where it refuses. */
final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;

  ApiException(int code, String reason, String message) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  int code() {
    return code;
  }

  String reason() {
    return reason;
  }

  static ApiException notFound(String what) {
    return new ApiException(404, "notFound", "Not found: " + what);
  }

  static ApiException invalid(String message) {
    return new ApiException(400, "invalid", message);
  }
}
