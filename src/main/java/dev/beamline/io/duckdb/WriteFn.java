package dev.beamline.io.duckdb;

import dev.beamline.io.Ledger;
import dev.beamline.transform.Change;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.jspecify.annotations.Nullable;

/** Hands each bundle's changes to the committer of its database. */
final class WriteFn extends DoFn<Change, Void> {

  private static final long serialVersionUID = 1L;

  private final DuckDbTable config;
  private final Counter written;
  private transient @Nullable List<Change> bundle;

  WriteFn(DuckDbTable config) {
    this.config = config;
    this.written = Ledger.counter(Ledger.WRITTEN, config.table().name());
  }

  @StartBundle
  public void startBundle() {
    bundle = new ArrayList<>();
  }

  @ProcessElement
  public void process(@Element Change change) {
    if (bundle == null) {
      bundle = new ArrayList<>();
    }
    bundle.add(change);
  }

  @FinishBundle
  public void finishBundle() throws IOException {
    List<Change> changes = bundle;
    bundle = null;
    if (changes == null || changes.isEmpty()) {
      return;
    }
    if (config.commitEachBundle()) {
      Committer.of(config.path()).commit(config, changes);
    } else {
      Committer.of(config.path()).add(config, changes);
    }
    written.inc(changes.stream().filter(c -> !c.withdrawn()).count());
  }
}
