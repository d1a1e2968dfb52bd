package dev.beamline.io;

import dev.beamline.transform.Change;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.jspecify.annotations.Nullable;

/** A step that writes each bundle's changes at once, and counts the rows. */
public abstract class BundleSinkFn extends DoFn<Change, Void> {

  private static final long serialVersionUID = 1L;

  private final Counter written;
  private transient @Nullable List<Change> bundle;

  /**
   * Writes to a sink.
   *
   * @param sink its name, under which rows are counted
   */
  protected BundleSinkFn(String sink) {
    this.written = Ledger.counter(Ledger.WRITTEN, sink);
  }

  @StartBundle
  public void startBundle() {
    bundle = new ArrayList<>();
  }

  @ProcessElement
  public void process(@Element Change change) {
    Objects.requireNonNull(bundle).add(change);
  }

  @FinishBundle
  public void finishBundle() throws IOException {
    List<Change> changes = Objects.requireNonNull(bundle);
    bundle = null;
    if (!changes.isEmpty()) {
      write(changes);
      written.inc(changes.stream().filter(c -> !c.withdrawn()).count());
    }
  }

  /** Hands over what came in a bundle, in the order in which it came. */
  protected abstract void write(List<Change> changes) throws IOException;
}
