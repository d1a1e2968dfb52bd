package dev.beamline.pipeline.run;

import dev.beamline.pipeline.GroupingOptions;
import dev.beamline.project.Target;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptions.CheckEnabled;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.PipelineOptionsRegistrar;

/** The options of runs in this process. */
public final class LocalOptions {

  /**
   * Set where a process runs one command and ends. Beam then does not look at the options of every
   * library there is, which takes longer than a small run; options are still there by their class.
   */
  public static final String ONE_COMMAND = "beamline.one_command";

  private static volatile boolean unregistered;

  private LocalOptions() {}

  /** Options for the DirectRunner, with those of the target. */
  static DirectOptions direct(Target target) {
    DirectOptions options = TargetOptions.of(target).as(DirectOptions.class);
    options.setRunner(DirectRunner.class);
    options.setStableUniqueNames(CheckEnabled.ERROR);
    options.setBlockOnRun(false);
    // Our coders and functions are held to these rules by tests; checking each element costs most.
    options.setEnforceEncodability(false);
    options.setEnforceImmutability(false);
    int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
    options.setTargetParallelism(cores);
    options.as(GroupingOptions.class).setGroupShards(2 * cores);
    return options;
  }

  /** Options that no runner has been set in. */
  public static PipelineOptions create() {
    if (!Boolean.getBoolean(ONE_COMMAND)) {
      return PipelineOptionsFactory.create();
    }
    Thread thread = Thread.currentThread();
    ClassLoader loader = thread.getContextClassLoader();
    thread.setContextClassLoader(new WithoutRegistrars(loader));
    try {
      unregistered = true;
      return PipelineOptionsFactory.create();
    } finally {
      thread.setContextClassLoader(loader);
    }
  }

  /** From now on options are found by their names too, those of every library. */
  static synchronized void registerAll() {
    if (unregistered) {
      unregistered = false;
      PipelineOptionsFactory.resetCache();
    }
  }

  /** Hides who would register options. */
  private static final class WithoutRegistrars extends ClassLoader {

    private static final String SERVICES =
        "META-INF/services/" + PipelineOptionsRegistrar.class.getName();

    WithoutRegistrars(ClassLoader parent) {
      super(parent);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws java.io.IOException {
      return name.equals(SERVICES) ? Collections.emptyEnumeration() : super.getResources(name);
    }
  }
}
