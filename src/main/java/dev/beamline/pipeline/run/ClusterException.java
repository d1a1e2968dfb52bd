package dev.beamline.pipeline.run;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A cluster does not do what it is asked; the message is in its words and needs no stack trace. */
public final class ClusterException extends IOException {

  private static final long serialVersionUID = 1L;

  private final boolean forUser;

  private ClusterException(String message, @Nullable Throwable cause, boolean forUser) {
    super(message, cause);
    this.forUser = forUser;
  }

  /** The cluster refuses, fails, or is not there. */
  static ClusterException failed(String message, @Nullable Throwable cause) {
    return new ClusterException(message, cause, false);
  }

  /** The user has to decide. */
  static ClusterException busy(String message) {
    return new ClusterException(message, null, true);
  }

  /** Whether the user can mend it. */
  public boolean isForUser() {
    return forUser;
  }
}
