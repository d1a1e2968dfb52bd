package dev.beamline.sql.fuzz;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random queries over random rows, here and in DuckDB. As a program it runs as many as {@code
 * -Dfuzz.queries} says, from the seed {@code -Dfuzz.seed}; what differs is shrunk and printed with
 * its tables, and the exit code is 1.
 */
final class SqlFuzz {

  /** Queries over one set of tables. */
  private static final int QUERIES_A_ROUND = 40;

  private static final int ROUNDS_A_LINE = 100;

  private static final int MOST_STEPS = 1_000;

  private final Map<Verdict.Kind, Integer> counts = new EnumMap<>(Verdict.Kind.class);
  private final List<String> failures = new ArrayList<>();
  private final int mostFailures;
  private final boolean verbose = Boolean.getBoolean("fuzz.verbose");
  private long queries;

  SqlFuzz(int mostFailures) {
    this.mostFailures = mostFailures;
  }

  Map<Verdict.Kind, Integer> counts() {
    return counts;
  }

  List<String> failures() {
    return failures;
  }

  /** Runs this many queries, or fewer where too many fail. */
  void run(long seed, long count) throws SQLException {
    long end = queries + count;
    try (Engines engines = new Engines()) {
      for (long round = 0; queries < end && failures.size() < mostFailures; round++) {
        round(engines, seed + round);
        if (verbose && round % ROUNDS_A_LINE == ROUNDS_A_LINE - 1) {
          System.out.println(queries + " queries: " + counts);
        }
      }
    }
  }

  private void round(Engines engines, long seed) throws SQLException {
    Random random = new Random(seed);
    Data data = Data.random(random);
    Queries generator = new Queries(random, data);
    engines.load(data);
    for (int i = 0; i < QUERIES_A_ROUND && failures.size() < mostFailures; i++) {
      one(engines, data, generator.query(), seed, i);
      queries++;
    }
  }

  private void one(Engines engines, Data data, Query query, long seed, int number) {
    boolean optimized = number % 4 != 0;
    Verdict verdict = verdict(engines, query, optimized);
    counts.merge(verdict.kind(), 1, Integer::sum);
    if (verdict.kind() == Verdict.Kind.DIFFER || verdict.kind() == Verdict.Kind.REFUSED) {
      Query small = shrink(engines, query, verdict.kind(), optimized);
      Verdict last = verdict(engines, small, optimized);
      failures.add(report(data, small, last, seed, number, optimized));
    } else if (verdict.kind() == Verdict.Kind.NOT_THERE && verbose) {
      System.out.println(verdict.text() + "\n  " + query.text(Dialect.DUCK));
    }
  }

  static Verdict verdict(Engines engines, Query query, boolean optimized) {
    Engines.Answer theirs = engines.theirs(query);
    try {
      return Verdict.of(engines.ours(query, optimized), theirs);
    } catch (RuntimeException e) {
      StackTraceElement[] trace = e.getStackTrace();
      String place = trace.length == 0 ? "" : " at " + trace[0];
      return new Verdict(Verdict.Kind.DIFFER, "a fault of ours: " + e + place);
    }
  }

  /** The smallest query found that fails in the same way. */
  static Query shrink(Engines engines, Query query, Verdict.Kind kind, boolean optimized) {
    Query best = query;
    int steps = 0;
    boolean better = true;
    while (better && steps < MOST_STEPS) {
      better = false;
      for (Query smaller : best.smaller()) {
        if (smaller.text(Dialect.GOOGLE).length() < best.text(Dialect.GOOGLE).length()
            && ++steps < MOST_STEPS
            && verdict(engines, smaller, optimized).kind() == kind) {
          best = smaller;
          better = true;
          break;
        }
      }
    }
    return best;
  }

  private static String report(
      Data data, Query query, Verdict verdict, long seed, int number, boolean optimized) {
    StringBuilder out = new StringBuilder();
    out.append("seed ").append(seed).append(", query ").append(number);
    out.append(optimized ? "" : ", as written").append('\n');
    out.append(query.text(Dialect.GOOGLE)).append('\n');
    out.append("DuckDB: ").append(query.text(Dialect.DUCK)).append('\n');
    out.append(verdict.text()).append('\n');
    for (Data.Rows rows : data.tables().values()) {
      if (query.text(Dialect.DUCK).contains(rows.name() + " ")) {
        rows.duck().forEach(sql -> out.append(sql).append(";\n"));
      }
    }
    return out.toString();
  }

  public static void main(String[] args) throws SQLException {
    long count = Long.getLong("fuzz.queries", 100_000);
    long seed = Long.getLong("fuzz.seed", System.nanoTime());
    int most = Integer.getInteger("fuzz.failures", 20);
    System.out.println("seed " + seed);
    SqlFuzz fuzz = new SqlFuzz(most);
    long start = System.nanoTime();
    fuzz.run(seed, count);
    fuzz.failures().forEach(System.out::println);
    System.out.printf(
        "%d queries in %.0f s: %s%n",
        fuzz.queries, (System.nanoTime() - start) / 1e9, fuzz.counts());
    System.exit(fuzz.failures().isEmpty() ? 0 : 1);
  }
}
