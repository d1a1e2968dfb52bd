package dev.beamline.sql.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.sql.fuzz.Query.Item;
import dev.beamline.sql.fuzz.Query.Select;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A short run of {@link SqlFuzz}; a failure's message holds its seed, query and tables. */
class SqlFuzzTest {

  private static final int QUERIES = 200;

  @Test
  void randomQueriesAgreeWithDuckDb() throws SQLException {
    long seed = Long.getLong("fuzz.seed", System.nanoTime());
    SqlFuzz fuzz = new SqlFuzz(3);
    fuzz.run(seed, Long.getLong("fuzz.queries", QUERIES));
    assertEquals(List.of(), fuzz.failures(), () -> String.join("\n\n", fuzz.failures()));
    int agreed = fuzz.counts().getOrDefault(Verdict.Kind.AGREE, 0);
    assertTrue(agreed > QUERIES * 9 / 10, () -> "few queries were compared: " + fuzz.counts());
  }

  /** The fuzz is worth nothing if it does not see a difference. */
  @Test
  void seesADifferenceAndShrinksIt() throws SQLException {
    Data data = Data.random(new Random(1));
    try (Engines engines = new Engines()) {
      engines.load(data);
      Ex wrong = Ex.of(Ty.INT, "(1 + 1)", "(1 + 2)");
      Ex padded = Ex.of(Ty.INT, "COALESCE($0, $1)", wrong, Ex.of(Ty.INT, "7"));
      Query query =
          new Select(
              false,
              List.of(new Item("c0", Ex.of(Ty.INT, "5")), new Item("c1", padded)),
              null,
              null,
              null,
              null,
              null,
              List.of(),
              null);
      assertEquals(Verdict.Kind.DIFFER, SqlFuzz.verdict(engines, query, true).kind());
      Query small = SqlFuzz.shrink(engines, query, Verdict.Kind.DIFFER, true);
      assertEquals("SELECT (1 + 1) AS c1", small.text(Dialect.GOOGLE));
    }
  }
}
