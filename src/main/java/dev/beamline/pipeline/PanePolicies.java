package dev.beamline.pipeline;

import dev.beamline.project.Windowing;
import dev.beamline.transform.group.PanePolicy;

/** Makes the policy of windows out of what the project says. */
final class PanePolicies {

  private PanePolicies() {}

  static PanePolicy of(Windowing windowing, long settle) {
    Windowing.Firing early = windowing.trigger().early();
    Windowing.Firing late = windowing.trigger().late();
    return new PanePolicy(
        windowing.allowedLateness().toMillis(),
        early instanceof Windowing.Every every ? Math.max(1, every.period().toMillis()) : 0,
        early instanceof Windowing.AfterCount count ? count.count() : 0,
        late instanceof Windowing.Every every ? Math.max(1, every.period().toMillis()) : 0,
        late instanceof Windowing.AfterCount count ? count.count() : 0,
        windowing.accumulationMode() == Windowing.AccumulationMode.ACCUMULATING,
        settle);
  }
}
