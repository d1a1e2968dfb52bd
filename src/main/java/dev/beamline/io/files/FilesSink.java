package dev.beamline.io.files;

import dev.beamline.diagnostic.Problems;
import dev.beamline.io.Ledger;
import dev.beamline.io.SinkProvider;
import dev.beamline.transform.Change;
import java.io.File;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.AfterProcessingTime;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Writes rows into files. They appear whole or not at all: each is written beside and moved into
 * its place. What ends (also a stream over samples) gives the target's files at its end, with one
 * row a key where the query upserts; a stream without end gives new files each minute, of every
 * change.
 */
public final class FilesSink implements SinkProvider {

  private static final Duration EACH_PART = Duration.standardMinutes(1);

  private final FilesTarget target;
  private final boolean ends;

  /**
   * @param ends whether the pipeline ends by itself
   */
  public FilesSink(FilesTarget target, boolean ends) {
    this.target = target;
    this.ends = ends;
  }

  @Override
  public String name() {
    return target.table().name();
  }

  @Override
  public void check(Problems problems) {
    // Every type has a form in every format.
  }

  @Override
  public void prepare() {
    // Beam makes the folder with the first file.
  }

  @Override
  public void write(PCollection<Change> changes) {
    PCollection<Change> rows =
        changes.apply(
            "Gather",
            Window.<Change>into(new GlobalWindows())
                .triggering(
                    ends
                        ? AfterWatermark.pastEndOfWindow()
                        : Repeatedly.forever(
                            AfterProcessingTime.pastFirstElementInPane().plusDelayOf(EACH_PART)))
                .discardingFiredPanes()
                .withAllowedLateness(Duration.ZERO));
    if (ends && target.table().upserts()) {
      rows = rows.apply("Newest", new NewestChanges(target.table()));
    }
    rows.apply("Count", ParDo.of(new KeepRowsFn(target.table().name())))
        .setCoder(rows.getCoder())
        .apply(
            "Write",
            FileIO.<Change>write()
                .via(new RowFileSink(target))
                .to(target.folder())
                .withNaming(new Naming(target, ends))
                .withNumShards(target.shards())
                .withCompression(Compression.UNCOMPRESSED));
  }

  @Override
  public void complete() {
    // The pipeline has moved the files to their places; Beam leaves its own folder beside them.
    if (!target.folder().contains("://")) {
      File left = new File(target.folder(), ".temp-beam");
      if (left.isDirectory() && !left.delete()) {
        System.getLogger(FilesSink.class.getName())
            .log(System.Logger.Level.DEBUG, left + " is not empty");
      }
    }
  }

  @Override
  public void abandon() {
    // What was not moved to its place lies in Beam's own temporary folder.
  }

  /** Withdrawn rows are not written: a file has no place to say so. */
  private static final class KeepRowsFn extends DoFn<Change, Change> {
    private static final long serialVersionUID = 1L;

    private final Counter written;

    KeepRowsFn(String name) {
      this.written = Ledger.counter(Ledger.WRITTEN, name);
    }

    @ProcessElement
    public void process(@Element Change change, OutputReceiver<Change> receiver) {
      if (!change.withdrawn()) {
        written.inc();
        receiver.output(change);
      }
    }
  }

  private static final class Naming implements FileIO.Write.FileNaming {
    private static final long serialVersionUID = 1L;

    private final FilesTarget target;
    private final boolean ends;

    Naming(FilesTarget target, boolean ends) {
      this.target = target;
      this.ends = ends;
    }

    @Override
    public String getFilename(
        BoundedWindow window,
        PaneInfo pane,
        int numShards,
        int shardIndex,
        Compression compression) {
      if (ends) {
        return target.shardName(shardIndex);
      }
      String time = Instant.now().toString().replace(":", "").replace(".", "");
      return target.shardName(shardIndex, time + "-" + pane.getIndex());
    }
  }
}
