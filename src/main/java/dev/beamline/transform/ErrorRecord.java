package dev.beamline.transform;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record that could not be used, whole, with the reason.
 *
 * @param origin the source, or the query whose expression failed
 * @param code stable: INVALID_JSON, MISSING_FIELD, WRONG_TYPE, OUT_OF_RANGE, INVALID_UTF8,
 *     EVALUATION ...
 * @param message what is wrong with which value
 * @param input the record as it came; where it is not text, in base64 with {@code base64} true
 * @param location file and line, topic and offset, message id; null where unknown
 * @param eventTimeMicros where known
 */
public record ErrorRecord(
    String origin,
    String code,
    String message,
    String input,
    boolean base64,
    @Nullable String location,
    @Nullable Long eventTimeMicros)
    implements Serializable {

  public ErrorRecord {
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(input, "input");
  }
}
