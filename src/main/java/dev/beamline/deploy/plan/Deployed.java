package dev.beamline.deploy.plan;

import dev.beamline.deploy.manifest.Manifest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline as it is found where it is deployed.
 *
 * @param manifest the newest that is known
 * @param job the id of the running job; null: none
 * @param needsJob whether a job should be running: not of batch, nor of a saved manifest
 * @param tables columns that tables really have (name, type as BigQuery writes it), by query; those
 *     that were not looked at are not in it, those that are not there have none
 */
public record Deployed(
    Manifest manifest,
    @Nullable String job,
    boolean needsJob,
    Map<String, Map<String, String>> tables) {

  public Deployed {
    tables = Map.copyOf(tables);
  }

  /** As a saved manifest tells it. */
  public static Deployed saved(Manifest manifest) {
    return new Deployed(manifest, null, false, Map.of());
  }

  /** The one of a pipeline; null: none. */
  public static @Nullable Deployed of(List<Deployed> all, String pipeline) {
    return all.stream()
        .filter(d -> d.manifest().pipeline().equals(pipeline))
        .findFirst()
        .orElse(null);
  }
}
