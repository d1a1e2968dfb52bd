package dev.beamline.execution.function;

import java.util.List;

/**
 * Functions of BigQuery that Beamline knows and refuses, with the reason and what to write instead.
 * Names that end in an underscore or a dot stand for all functions that begin so.
 */
final class Refusals {

  private static final String GEOGRAPHY =
      "there is no GEOGRAPHY type; keep longitude and latitude as FLOAT64 columns";
  private static final String ENCRYPTION =
      "keys do not belong into queries; encrypt before events are sent, or hash with SHA256";
  private static final String RANGES =
      "there is no RANGE type; keep the start and the end as two columns and compare them";
  private static final String MODELS =
      "models run in BigQuery; call them there over the table that this query writes";
  private static final String TEXT_SEARCH =
      "search indexes are BigQuery's; use CONTAINS_SUBSTR or REGEXP_CONTAINS";
  private static final String QUANTILE_SKETCHES =
      "these sketches are BigQuery's alone; use APPROX_QUANTILES, or HLL_COUNT for distinct counts";
  private static final String TABLES_OF_BIGQUERY =
      "it reads what BigQuery knows of its tables; declare a source in pipelines.yaml instead";
  private static final String PRIVACY =
      "differential privacy is BigQuery's; use the plain aggregate and round or suppress small groups";

  private Refusals() {}

  static void register(Registry registry) {
    registry.refuse(
        "COLLATE",
        "strings compare by their code points only; compare LOWER(x) or"
            + " NORMALIZE_AND_CASEFOLD(x) instead");
    all(registry, GEOGRAPHY, "ST_", "S2_");
    all(registry, ENCRYPTION, "AEAD.", "KEYS.", "DETERMINISTIC_", "DLP_");
    all(registry, RANGES, "RANGE", "RANGE_", "GENERATE_RANGE_ARRAY");
    all(registry, MODELS, "ML.", "AI.", "BAG_OF_WORDS", "TEXT_ANALYZE", "TF_IDF");
    all(registry, TEXT_SEARCH, "SEARCH", "VECTOR_SEARCH");
    all(registry, QUANTILE_SKETCHES, "KLL_QUANTILES.");
    all(
        registry,
        TABLES_OF_BIGQUERY,
        "APPENDS",
        "CHANGES",
        "EXTERNAL_QUERY",
        "EXTERNAL_OBJECT_TRANSFORM",
        "OBJ.");
    all(registry, PRIVACY, "DIFFERENTIAL_PRIVACY_");
    registry.refuse(
        "GAP_FILL",
        "join the result to UNNEST(GENERATE_TIMESTAMP_ARRAY(...)) of all times instead");
  }

  private static void all(Registry registry, String reason, String... names) {
    List.of(names).forEach(name -> registry.refuse(name, reason));
  }
}
