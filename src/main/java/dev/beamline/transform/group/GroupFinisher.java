package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.QueryCounters;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.window.EventTimes;
import dev.beamline.transform.window.TimeGrid;
import dev.beamline.transform.window.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Finishes a group of bounded input: all its sums are there, and each window is made once. Its rows
 * go through the stage that follows. Timestamps mean nothing here: windows are found by columns.
 */
final class GroupFinisher {

  private final GroupOutput group;
  private final RowStage stage;
  private final Kernel kernel;
  private final GroupErrors errors;

  GroupFinisher(GroupOutput group, RowStage stage) {
    this.group = group;
    this.stage = stage;
    this.kernel = group.grouping().compile();
    this.errors = new GroupErrors(group);
  }

  void group(Tuple sentKey, Iterable<Partial> partials, StageOutput output) {
    Tuple key = group.groupKey(sentKey);
    GroupInput.Timing timing = group.timing();
    if (timing instanceof GroupInput.Timing.Sessions sessions) {
      sessions(key, partials, sessions.gap(), output);
    } else if (timing instanceof GroupInput.Timing.Slices slices && !group.windowInKey()) {
      slices(key, partials, slices.grid(), output);
    } else {
      one(key, partials, output);
    }
  }

  private void one(Tuple key, Iterable<Partial> partials, StageOutput output) {
    Window window = Window.ALL_TIME;
    Object sum = kernel.create();
    for (Partial partial : partials) {
      window = new Window(partial.start(), partial.end());
      sum = kernel.merge(sum, partial.accumulator());
    }
    finish(key, window, sum, output);
  }

  private void slices(Tuple key, Iterable<Partial> partials, TimeGrid grid, StageOutput output) {
    TreeMap<Long, Object> slices = new TreeMap<>();
    for (Partial partial : partials) {
      Object sum = slices.get(partial.start());
      slices.put(
          partial.start(),
          kernel.merge(sum == null ? kernel.create() : sum, partial.accumulator()));
    }
    SlidingSums.windows(kernel, grid, slices, (window, sum) -> finish(key, window, sum, output));
  }

  private void sessions(Tuple key, Iterable<Partial> partials, long gap, StageOutput output) {
    List<Partial> sorted = new ArrayList<>();
    partials.forEach(sorted::add);
    sorted.sort(Comparator.comparingLong(Partial::start));
    int i = 0;
    while (i < sorted.size()) {
      long start = sorted.get(i).start();
      long end = sorted.get(i).end();
      Object sum = kernel.create();
      for (; i < sorted.size() && sorted.get(i).start() < end + gap; i++) {
        sum = kernel.merge(sum, sorted.get(i).accumulator());
        end = Math.max(end, sorted.get(i).end());
      }
      finish(key, new Window(start, end + gap), sum, output);
    }
  }

  private void finish(Tuple key, Window window, Object sum, StageOutput output) {
    long time = window.equals(Window.ALL_TIME) ? EventTimes.FIRST_MILLIS * 1000 : window.end() - 1;
    List<Tuple> rows = new ArrayList<>(1);
    kernel.finish(
        sum,
        key,
        window,
        rows::add,
        (row, error) -> {
          QueryCounters.failedResult(group.query());
          output.output(
              group.errors(), errors.of(key, row, window, time, error), EventTimes.toInstant(time));
        });
    for (Tuple row : rows) {
      stage.process(row, time, output);
    }
  }
}
