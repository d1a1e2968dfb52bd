package dev.beamline.diagnostic;

import java.util.List;
import java.util.stream.Collectors;

/** A project that cannot run because of mistakes its user can mend. Ends a command with code 1. */
public final class InvalidProjectException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Diagnostic> diagnostics;

  public InvalidProjectException(List<Diagnostic> diagnostics) {
    super(
        diagnostics.stream()
            .map(d -> d.place() + ": " + d.code() + ": " + d.message())
            .collect(Collectors.joining("\n")));
    this.diagnostics = List.copyOf(diagnostics);
  }

  public InvalidProjectException(Diagnostic diagnostic) {
    this(List.of(diagnostic));
  }

  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
