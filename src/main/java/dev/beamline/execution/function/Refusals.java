package dev.beamline.execution.function;

/** Functions of BigQuery that Beamline knows and refuses, with what to write instead. */
final class Refusals {

  private Refusals() {}

  static void register(Registry registry) {
    registry.refuse(
        "COLLATE",
        "strings compare by their code points only; compare LOWER(x) or"
            + " NORMALIZE_AND_CASEFOLD(x) instead");
  }
}
