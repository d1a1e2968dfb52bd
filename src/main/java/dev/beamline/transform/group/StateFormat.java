package dev.beamline.transform.group;

/** The form in which operators keep state between rows. */
public final class StateFormat {

  /**
   * Grows with any change after which the state of an earlier version cannot be read any more, so
   * that a plan says that a job must be drained. A change that reads what is there keeps it.
   */
  public static final int VERSION = 1;

  private StateFormat() {}
}
