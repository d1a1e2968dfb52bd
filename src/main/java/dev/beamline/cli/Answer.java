package dev.beamline.cli;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Diagnostic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a statement. */
sealed interface Answer {

  int exitCode();

  /** Rows. */
  record Rows(Schema schema, List<Tuple> rows) implements Answer {
    public Rows {
      rows = List.copyOf(rows);
    }

    @Override
    public int exitCode() {
      return ExitCode.OK;
    }
  }

  /** A statement without a result, such as CREATE FUNCTION. */
  record Done() implements Answer {
    @Override
    public int exitCode() {
      return ExitCode.OK;
    }
  }

  /** What is wrong with it, at least one thing. */
  record Wrong(List<Diagnostic> diagnostics) implements Answer {
    public Wrong {
      diagnostics = List.copyOf(diagnostics);
    }

    @Override
    public int exitCode() {
      return ExitCode.USER;
    }
  }

  /** A fault of ours or of a service. */
  record Fault(String message, @Nullable Throwable cause) implements Answer {
    @Override
    public int exitCode() {
      return ExitCode.FAULT;
    }
  }
}
