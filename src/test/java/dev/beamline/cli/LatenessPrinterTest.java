package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.pipeline.run.Lateness;
import dev.beamline.pipeline.run.RunLedger;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class LatenessPrinterTest {

  @Test
  void saysWhatAnotherLatenessWouldHaveLost() {
    RunLedger ledger =
        new RunLedger(
            Map.of(),
            Map.of("score", new RunLedger.QueryLine(10_000, 0, 0, 2, 98, 5, 0, 5, 0)),
            Map.of(
                "score",
                new Lateness(
                    new TreeMap<>(
                        Map.of(60_000L, 60L, 600_000L, 35L, 3_600_000L, 3L, Long.MAX_VALUE, 2L)))));
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    LatenessPrinter.print(ledger, out);
    out.flush();
    assertEquals(
        """

        score: 100 rows came late: half within 1m, 90 % within 10m, 99 % by more than a week
          allowed_lateness: 1m would have lost 0.4 %, 10m would have lost 0.05 %, 1h would have \
        lost 0.02 %
        """,
        text.toString().replace("\r\n", "\n"));
  }
}
