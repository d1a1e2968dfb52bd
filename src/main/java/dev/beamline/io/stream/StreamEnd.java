package dev.beamline.io.stream;

import java.io.Serializable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * How a stream that ends does so where a sink shows rows with checkpoints: after its last rows one
 * has to come. Its reader first says that event time is all but over, so that every window closes,
 * and ends when a checkpoint is safe that has what came of it.
 */
public final class StreamEnd implements Serializable {

  private static final long serialVersionUID = 1L;

  private final transient AtomicBoolean safe = new AtomicBoolean();

  /** Carries the wish to the workers. */
  public interface Options extends PipelineOptions {

    @Description("Whether streams that end wait for a checkpoint of all that they have sent.")
    @Default.Boolean(false)
    boolean getEndsWithCheckpoint();

    void setEndsWithCheckpoint(boolean wait);
  }

  /** A sink of the pipeline shows rows with checkpoints. */
  public static void waitForCheckpoint(PipelineOptions options) {
    options.as(Options.class).setEndsWithCheckpoint(true);
  }

  /** Whether a sink does. */
  public static boolean waits(PipelineOptions options) {
    return options.as(Options.class).getEndsWithCheckpoint();
  }

  /** A checkpoint that has all is made; from any thread. */
  public void safe() {
    safe.set(true);
  }

  boolean isSafe() {
    return safe.get();
  }

  private Object readResolve() {
    return new StreamEnd();
  }
}
