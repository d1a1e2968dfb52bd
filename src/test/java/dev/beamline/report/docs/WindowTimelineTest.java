package dev.beamline.report.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.plan.WindowSpec;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Drawings of windows, which every kind of window has. */
final class WindowTimelineTest {

  private static final long MINUTE = 60_000_000L;

  static Stream<Arguments> windows() {
    return Stream.of(
        Arguments.of(new WindowSpec.Tumble(60 * MINUTE, 0), 4, "side by side", "+1 h"),
        Arguments.of(new WindowSpec.Hop(MINUTE, 10 * MINUTE, 0), 6, "in 10 of them", "+3 min"),
        Arguments.of(
            new WindowSpec.Cumulate(10 * MINUTE, 60 * MINUTE, 0), 6, "grow by 10 min", "+10 min"),
        Arguments.of(new WindowSpec.Session(10 * MINUTE), 2, "without a row", "+10 min"),
        Arguments.of(new WindowSpec.Global(), 1, "never ends", "event time"));
  }

  @ParameterizedTest
  @MethodSource("windows")
  void drawsItsWindowsAndHowLongLateRowsCount(
      WindowSpec window, int bars, String words, String label) {
    String html = WindowTimeline.html(window, Duration.ofMinutes(30));
    assertEquals(bars, count(html, "<rect class=\"window\""), html);
    assertEquals(
        window instanceof WindowSpec.Global ? 0 : bars, count(html, "<rect class=\"late\""), html);
    assertTrue(html.contains(words), html);
    assertTrue(html.contains(label), html);
    assertTrue(count(html, "<circle class=\"row\"") > 0, html);
    Matcher number = Pattern.compile(" (?:x|cx|x1|x2)=\"(-?\\d+)\"").matcher(html);
    while (number.find()) {
      int x = Integer.parseInt(number.group(1));
      assertTrue(x >= 0 && x <= 720, number.group());
    }
  }

  @Test
  void drawsNothingPaleWhereLateRowsAreDropped() {
    String html = WindowTimeline.html(new WindowSpec.Tumble(60 * MINUTE, 0), Duration.ZERO);
    assertEquals(0, count(html, "class=\"late\""), html);
    assertTrue(html.contains("Late rows are dropped and counted."), html);
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }
}
