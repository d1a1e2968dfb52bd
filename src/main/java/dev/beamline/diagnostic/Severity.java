package dev.beamline.diagnostic;

/** How bad a diagnostic is. An error keeps the project from running; a warning does not. */
public enum Severity {
  ERROR,
  WARNING,
  NOTE
}
