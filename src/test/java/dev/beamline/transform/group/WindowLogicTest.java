package dev.beamline.transform.group;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.transform.Panes;
import dev.beamline.transform.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class WindowLogicTest {

  private static final long MINUTE = 60_000;

  /** Counts rows. */
  private static final class Count implements Kernel {
    @Override
    public Object create() {
      return 0L;
    }

    @Override
    public void check(Tuple row, int side) {}

    @Override
    public Object add(Object accumulator, Tuple row, int side) {
      return (Long) accumulator + 1;
    }

    @Override
    public Object merge(Object accumulator, Object other) {
      return (Long) accumulator + (Long) other;
    }

    @Override
    public void finish(
        Object accumulator, Tuple key, Window window, Consumer<Tuple> rows, RowErrors errors) {
      throw new UnsupportedOperationException();
    }
  }

  private final List<String> panes = new ArrayList<>();
  private final WindowState.OfGroup group = new WindowState.OfGroup();

  private final WindowLogic.Listener listener =
      new WindowLogic.Listener() {
        @Override
        public void fire(
            Window window, WindowState state, Panes.Timing timing, long index, Object sum) {
          panes.add(timing + " " + minutes(window) + " " + sum);
        }

        @Override
        public void withdraw(Window window, WindowState state) {
          panes.add("withdraw " + minutes(window));
        }
      };

  private static String minutes(Window window) {
    return window.start() / (1000 * MINUTE) + "-" + window.end() / (1000 * MINUTE);
  }

  private static WindowLogic sessions(PanePolicy policy) {
    return new WindowLogic(
        new Count(),
        new GroupInput.Timing.Sessions(10 * MINUTE * 1000),
        policy,
        0,
        /* updates= */ false);
  }

  private void row(WindowLogic logic, long minute, long watermark, long now) {
    long micros = minute * MINUTE * 1000;
    logic.add(group, new Partial(micros, micros, 1, 1, 1L), watermark * MINUTE, now, listener);
  }

  private List<String> panes() {
    List<String> sent = List.copyOf(panes);
    panes.clear();
    return sent;
  }

  @Test
  void aSessionThatIsOpenAgainWaitsForItsEnd() {
    WindowLogic logic = sessions(new PanePolicy(60 * MINUTE, 0, 0, MINUTE, 0, true, 0));
    row(logic, 0, 0, 0);
    logic.watermark(group, 14 * MINUTE, listener);
    assertEquals(List.of("ON_TIME 0-10 1"), panes());
    row(logic, 3, 14, 0);
    assertEquals(List.of("withdraw 0-10"), panes());
    assertEquals(MINUTE - 1, logic.nextClock(group));
    row(logic, 9, 14, 0);
    assertEquals(WindowState.NEVER, logic.nextClock(group));
    logic.clock(group, MINUTE, listener);
    assertEquals(List.of(), panes());
    logic.watermark(group, 20 * MINUTE, listener);
    assertEquals(List.of("ON_TIME 0-19 3"), panes());
  }

  @Test
  void aLongerSessionSendsWhenAPaneOfItsPartsWasDue() {
    PanePolicy policy = new PanePolicy(60 * MINUTE, 2 * MINUTE, 0, MINUTE, 0, true, 0);
    WindowLogic logic = sessions(policy);
    row(logic, 0, 0, 0);
    row(logic, 9, 0, MINUTE);
    assertEquals(2 * MINUTE - 1, logic.nextClock(group));
    logic.clock(group, 2 * MINUTE, listener);
    assertEquals(List.of("EARLY 0-19 2"), panes());
    logic.watermark(group, 25 * MINUTE, listener);
    assertEquals(List.of("ON_TIME 0-19 2"), panes());
    row(logic, 11, 25, 3 * MINUTE);
    row(logic, 12, 25, 3 * MINUTE + 9);
    logic.clock(group, 4 * MINUTE, listener);
    assertEquals(List.of("withdraw 0-19", "LATE 0-22 4"), panes());
  }
}
