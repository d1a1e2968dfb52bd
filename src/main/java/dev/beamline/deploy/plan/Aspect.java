package dev.beamline.deploy.plan;

import java.util.Locale;

/** What of a query or a pipeline is different. */
public enum Aspect {
  NEW,
  REMOVED,
  RENAMED,
  SQL,
  SCHEMA,
  KEY,
  WINDOW,
  TRIGGER,
  SINK,
  SOURCE,
  /** A query that it reads computes something else. */
  INPUT,
  /** The form of what its operators keep. */
  STATE,
  DESCRIPTION,
  /** The target's settings. */
  SETTINGS,
  /** Another version of Beamline. */
  VERSION,
  MODE,
  /** The job that should run does not. */
  JOB,
  /** The table that should be there is not, or has other columns. */
  TABLE;

  /** As output has it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
