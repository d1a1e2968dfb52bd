package dev.beamline.deploy.plan;

/** What a difference takes; from the mildest to the gravest. */
public enum Mark {
  IN_PLACE("in_place", "in place"),
  BACKFILL("needs_backfill", "needs backfill"),
  RESTART("drain_and_restart", "drain and restart"),
  BREAKING("breaking", "breaking");

  private final String id;
  private final String words;

  Mark(String id, String words) {
    this.id = id;
    this.words = words;
  }

  /** For machines. */
  public String id() {
    return id;
  }

  /** For people. */
  public String words() {
    return words;
  }
}
