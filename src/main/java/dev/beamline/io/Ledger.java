package dev.beamline.io;

import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * The counters from which a run's ledger is made. They are Beam metrics of the namespace {@value
 * #NAMESPACE} with names {@code KIND:NAME}, where the name is the source's or the sink's.
 */
public final class Ledger {

  public static final String NAMESPACE = "beamline";

  /** Records of a source, good and bad. */
  public static final String READ = "read";

  /** Records of a source that went to its error output. */
  public static final String REFUSED = "refused";

  /** Rows that a sink has committed. */
  public static final String WRITTEN = "written";

  private Ledger() {}

  public static Counter counter(String kind, String name) {
    return Metrics.counter(NAMESPACE, kind + ":" + name);
  }
}
