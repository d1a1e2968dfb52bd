package dev.beamline.io.once;

import dev.beamline.transform.Change;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.values.KV;

/**
 * What a bundle has of {@link NumberChanges}: of each writer its changes, in the order they came.
 */
public final class ChangesByWriter {

  private Map<String, List<Change>> bundle = new LinkedHashMap<>();

  /** Begins a bundle; what one that failed has left is forgotten. */
  public void clear() {
    bundle.clear();
  }

  public void add(KV<String, Change> numbered) {
    bundle.computeIfAbsent(numbered.getKey(), w -> new ArrayList<>()).add(numbered.getValue());
  }

  /** The bundle's changes by writer, which are gone from here then. */
  public Map<String, List<Change>> take() {
    Map<String, List<Change>> changes = bundle;
    bundle = new LinkedHashMap<>();
    return changes;
  }
}
