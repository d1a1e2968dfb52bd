package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.pipeline.run.RunLedger;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LedgerPrinterTest {

  @Test
  void countsNoRowsOfAQueryThatReadsOnlyOthers() {
    RunLedger ledger =
        new RunLedger(
            Map.of("clicks", new RunLedger.SourceLine(9, 1, 2)),
            Map.of(
                "best", new RunLedger.QueryLine(0, 0, 0, 0, 0, 3, 0, 3, 0),
                "empty", new RunLedger.QueryLine(0, 0, 0, 0, 0, 0, 0, 0, 0),
                "minutes", new RunLedger.QueryLine(6, 1, 1, 1, 0, 1_200, 0, 4, 0)));
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    LedgerPrinter.print(ledger, Duration.ofSeconds(3), out);
    out.flush();
    assertEquals(
        """
        source  read  used  refused  duplicates
        clicks     9     6        1           2

        query    rows  used  filtered  failed  late  corrected  results
        best        -     -         -       -     -          -        3
        empty       0     0         0       0     0          0        0
        minutes     6     3         1       1     1          0    1,200
        -: no rows from sources; what it reads of other queries is counted there

        9 events in 3.0 s, 3 a second
        """,
        text.toString().replace("\r\n", "\n"));
  }
}
