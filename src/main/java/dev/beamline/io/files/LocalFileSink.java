package dev.beamline.io.files;

import dev.beamline.diagnostic.Problems;
import dev.beamline.io.BundleSinkFn;
import dev.beamline.io.SinkProvider;
import dev.beamline.transform.Change;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Writes one local file from a pipeline that ends and runs in this process: a single step, where
 * {@link FilesSink} needs shuffles to bring rows of several machines together.
 */
public final class LocalFileSink implements SinkProvider {

  /** The file that is open for a sink; the graph is built before it is opened. */
  private static final Map<String, String> FILES = new ConcurrentHashMap<>();

  private final FilesTarget target;
  private final String sink = UUID.randomUUID().toString();

  /**
   * @param target a local folder, and one shard
   */
  public LocalFileSink(FilesTarget target) {
    if (target.shards() != 1 || target.folder().contains("://")) {
      throw new IllegalArgumentException("not one local file: " + target);
    }
    this.target = target;
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
  public void prepare() throws IOException {
    FILES.put(sink, LocalFile.open(target));
  }

  @Override
  public void write(PCollection<Change> changes) {
    changes.apply("Write", ParDo.of(new WriteFn(sink, target.table().name())));
  }

  @Override
  public boolean survivesRestart() {
    return target.table().upserts();
  }

  @Override
  public void complete() throws IOException {
    String file = FILES.remove(sink);
    if (file != null) {
      LocalFile.complete(file);
    }
  }

  @Override
  public void abandon() {
    String file = FILES.remove(sink);
    if (file == null) {
      return;
    }
    try {
      LocalFile.abandon(file);
    } catch (IOException e) {
      // The run has failed already, for a reason of its own.
      System.getLogger(LocalFileSink.class.getName())
          .log(System.Logger.Level.DEBUG, "abandoning " + target, e);
    }
  }

  private static final class WriteFn extends BundleSinkFn {
    private static final long serialVersionUID = 1L;

    private final String sink;

    WriteFn(String sink, String name) {
      super(name);
      this.sink = sink;
    }

    @Override
    protected void write(List<Change> changes) throws IOException {
      String file = FILES.get(sink);
      if (file == null) {
        throw new IOException("the sink is not prepared in this process");
      }
      LocalFile.add(file, changes);
    }
  }
}
