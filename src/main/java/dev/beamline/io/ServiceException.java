package dev.beamline.io;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A service cannot be reached or spoken to, which its message says in full. */
public final class ServiceException extends IOException {

  private static final long serialVersionUID = 1L;

  public ServiceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
