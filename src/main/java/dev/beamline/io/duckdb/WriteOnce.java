package dev.beamline.io.duckdb;

import dev.beamline.io.Ledger;
import dev.beamline.io.once.ChangesByWriter;
import dev.beamline.io.once.NumberChanges;
import dev.beamline.io.stream.StreamEnd;
import dev.beamline.transform.Change;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;

/**
 * Appends each change to a table exactly once, whatever dies: changes get numbers that are part of
 * the runner's state, are held until a checkpoint has them with their numbers, and the table knows
 * the numbers that it has. So rows become visible with checkpoints, and what is sent again after a
 * crash is known.
 */
final class WriteOnce extends PTransform<PCollection<Change>, PDone> {

  private static final long serialVersionUID = 1L;

  private final DuckDbTable config;

  WriteOnce(DuckDbTable config) {
    this.config = config;
  }

  @Override
  public PDone expand(PCollection<Change> changes) {
    StreamEnd.waitForCheckpoint(changes.getPipeline().getOptions());
    changes.apply("Numbers", new NumberChanges()).apply("Commit", ParDo.of(new CommitFn(config)));
    return PDone.in(changes.getPipeline());
  }

  /** Hands each bundle's changes to the committer of its database. */
  static final class CommitFn extends DoFn<KV<String, Change>, Void> {

    private static final long serialVersionUID = 1L;

    private final DuckDbTable config;
    private final Counter written;
    private transient @Nullable ChangesByWriter bundle;

    CommitFn(DuckDbTable config) {
      this.config = config;
      this.written = Ledger.counter(Ledger.WRITTEN, config.table().name());
    }

    @Setup
    public void setup() {
      bundle = new ChangesByWriter();
    }

    private ChangesByWriter bundle() {
      return Objects.requireNonNull(bundle);
    }

    @StartBundle
    public void startBundle() {
      bundle().clear();
    }

    @RequiresStableInput
    @ProcessElement
    public void process(@Element KV<String, Change> numbered) {
      bundle().add(numbered);
    }

    @FinishBundle
    public void finishBundle() throws IOException {
      for (Map.Entry<String, List<Change>> writer : bundle().take().entrySet()) {
        Committer.of(config.path()).commit(config.numberedBy(writer.getKey()), writer.getValue());
        written.inc(writer.getValue().stream().filter(c -> !c.withdrawn()).count());
      }
    }
  }
}
