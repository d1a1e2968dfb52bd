package dev.beamline.io.duckdb;

import dev.beamline.io.BundleSinkFn;
import dev.beamline.transform.Change;
import java.io.IOException;
import java.util.List;

/** Hands each bundle's changes to the committer of its database. */
final class WriteFn extends BundleSinkFn {

  private static final long serialVersionUID = 1L;

  private final DuckDbTable config;

  WriteFn(DuckDbTable config) {
    super(config.table().name());
    this.config = config;
  }

  @Override
  protected void write(List<Change> changes) throws IOException {
    if (config.commitEachBundle()) {
      Committer.of(config.path()).commit(config, changes);
    } else {
      Committer.of(config.path()).add(config, changes);
    }
  }
}
