package dev.beamline.io.duckdb;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The warehouse cannot be read or written, said so that its user can act. */
public final class WarehouseException extends IOException {

  private static final long serialVersionUID = 1L;

  public WarehouseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
