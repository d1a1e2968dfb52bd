package dev.beamline.deploy;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A deployment that could not be carried out; the message says what was left as it is. */
public final class DeployException extends IOException {

  private static final long serialVersionUID = 1L;

  private final boolean busy;

  private DeployException(String message, @Nullable Throwable cause, boolean busy) {
    super(message, cause);
    this.busy = busy;
  }

  /** A service refused or failed. */
  public static DeployException failed(String message, @Nullable Throwable cause) {
    return new DeployException(message, cause, false);
  }

  /** Somebody else is at it, or the user has to decide. */
  public static DeployException busy(String message) {
    return new DeployException(message, null, true);
  }

  /** Whether the user can mend it. */
  public boolean isForUser() {
    return busy;
  }
}
