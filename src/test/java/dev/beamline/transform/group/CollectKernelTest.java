package dev.beamline.transform.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.window.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Groups with more rows than fit into memory are in error, and never computed of some rows. */
final class CollectKernelTest {

  private final List<Tuple> out = new ArrayList<>();
  private final List<Tuple> failed = new ArrayList<>();
  private final List<String> messages = new ArrayList<>();

  private final CollectKernel kernel =
      new CollectKernel(
          2,
          "a join",
          3,
          (sides, rows, errors) ->
              rows.accept(Tuple.of((long) sides.get(0).size(), (long) sides.get(1).size())));

  private Object rows(int left, int right) {
    Object accumulator = kernel.create();
    for (int i = 0; i < left; i++) {
      accumulator = kernel.add(accumulator, Tuple.of("left", (long) i), 0);
    }
    for (int i = 0; i < right; i++) {
      accumulator = kernel.add(accumulator, Tuple.of("right", (long) i), 1);
    }
    return accumulator;
  }

  private void finish(Object accumulator) {
    kernel.finish(
        accumulator,
        Tuple.of(),
        Window.ALL_TIME,
        out::add,
        (row, error) -> {
          failed.add(row);
          messages.add(String.valueOf(error.getMessage()));
        });
  }

  @Test
  void asManyRowsAsTheBoundAreComputed() {
    finish(kernel.merge(rows(1, 1), rows(1, 0)));
    assertEquals(List.of(Tuple.of(2L, 1L)), out);
    assertTrue(failed.isEmpty());
  }

  @Test
  void oneMoreIsAnErrorHoweverTheyCome() {
    finish(rows(2, 2));
    finish(kernel.merge(rows(0, 2), rows(2, 0)));
    finish(kernel.merge(kernel.merge(rows(1, 0), rows(100, 100)), rows(7, 7)));
    assertTrue(out.isEmpty());
    assertEquals(3, failed.size());
    assertEquals("left", failed.get(0).get(0));
    assertTrue(
        messages.get(0).startsWith("a join has more than 3 rows of one key in one window"),
        messages.get(0));
  }

  @Test
  void noMoreThanTheBoundAndOneAreKept() {
    Object all = kernel.create();
    for (int i = 0; i < 5; i++) {
      all = kernel.merge(all, rows(2, 2));
    }
    int kept = CollectKernel.lists(all).stream().mapToInt(List::size).sum();
    assertEquals(4, kept);
  }
}
