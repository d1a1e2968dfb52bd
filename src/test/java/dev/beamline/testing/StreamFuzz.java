package dev.beamline.testing;

import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.Problems;
import dev.beamline.project.Project;
import dev.beamline.project.ProjectReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Random windowed queries, whose final rows must be the same in batch and in every stream. Each
 * query is made of steps that take and give rows of one shape (window_start, window_end, k, n):
 * groupings, joins, analytic functions, top-N, set operations and subqueries in any order. As a
 * program it runs {@code -Dfuzz.queries} queries from the seed {@code -Dfuzz.seed}.
 */
final class StreamFuzz {

  private static final int QUERIES_A_PROJECT = 20;
  private static final int STREAM_ROWS = 70;

  private static final String WINDOW = "window_start, window_end";

  private final Random random;
  private String function = "TUMBLE";
  private String lengths = "";
  private int aliases;

  private StreamFuzz(long seed) {
    random = new Random(seed);
  }

  /** What became of queries. */
  record Report(int tried, Map<String, Integer> skipped, List<String> differences) {}

  /** Runs that many queries over random rows, each in some streams. */
  static Report run(Path folder, long seed, int queries, int runs)
      throws IOException, InterruptedException {
    int tried = 0;
    Map<String, Integer> skipped = new TreeMap<>();
    List<String> differences = new ArrayList<>();
    for (int i = 0; i * QUERIES_A_PROJECT < queries; i++) {
      Path project = folder.resolve("p" + i);
      int count = Math.min(QUERIES_A_PROJECT, queries - i * QUERIES_A_PROJECT);
      new StreamFuzz(seed + i).write(project, count);
      Problems problems = new Problems();
      Project read = ProjectReader.read(project, name -> null, problems);
      problems.throwIfErrors();
      for (String query : read.queries().keySet()) {
        Verification verification =
            new Verification(read, new Verification.Settings(seed + i, runs, STREAM_ROWS));
        Verification.Verdict verdict;
        try {
          verdict = verification.run(List.of(query), v -> {}).get(0);
        } catch (InvalidProjectException refused) {
          String reason = refused.diagnostics().get(0).message();
          verdict = new Verification.Verdict(query, 0, 0, reason, null);
        }
        String text = "seed " + (seed + i) + " " + Files.readString(file(project, query));
        if (verdict.skipped() != null) {
          skipped.merge(
              verdict.skipped().replaceAll("^[^ ]*:\\d+:\\d+: |\\d+", ""), 1, Integer::sum);
        } else {
          tried++;
        }
        if (verdict.difference() != null) {
          differences.add(text + verdict.difference().text() + verdict.difference().test());
        }
      }
    }
    return new Report(tried, skipped, differences);
  }

  private static Path file(Path project, String query) {
    return project.resolve("queries").resolve(query + ".sql");
  }

  // --- A project -------------------------------------------------------------------------------

  private void write(Path project, int count) throws IOException {
    Files.createDirectories(project.resolve("queries"));
    Files.createDirectories(project.resolve("data"));
    Files.writeString(
        project.resolve("pipelines.yaml"),
        """
        version: 1
        project: fuzz
        defaults:
          sink: {type: duckdb}
          windowing: {allowed_lateness: 30m}
        sources:
        %s%s
          d:
            type: files
            path: data/d.csv
            columns: {k: STRING, c: STRING}
        pipelines:
          live: {mode: streaming, queries: ["*"]}
        """
            .formatted(stream("a", "1m"), stream("b", "2m")));
    Files.writeString(project.resolve("data/a.ndjson"), events());
    Files.writeString(project.resolve("data/b.ndjson"), events());
    Files.writeString(project.resolve("data/d.csv"), "k,c\nx,red\ny,blue\nx,blue\n");
    for (int i = 0; i < count; i++) {
      Files.writeString(file(project, "q%02d".formatted(i)), query() + "\n");
    }
  }

  private static String stream(String name, String disorder) {
    return """
      %s:
        type: pubsub
        subscription: projects/p/subscriptions/%s
        format: json
        columns: {ts: {type: TIMESTAMP, required: true}, k: STRING, v: INT64, xs: ARRAY<INT64>}
        event_time: ts
        watermark: {max_out_of_orderness: %s}
        sample: data/%s.ndjson
    """
        .formatted(name, name, disorder, name);
  }

  private String events() {
    List<int[]> times = new ArrayList<>();
    for (int i = 0; i < STREAM_ROWS; i++) {
      int at = random.nextInt(7_200);
      times.add(new int[] {at, at + random.nextInt(90)});
    }
    times.sort((x, y) -> Integer.compare(x[1], y[1]));
    StringBuilder out = new StringBuilder();
    for (int[] time : times) {
      int at = time[0];
      out.append(
          "{\"ts\": \"2026-01-01T%02d:%02d:%02dZ\"".formatted(at / 3600, at / 60 % 60, at % 60));
      if (up(8) > 0) {
        out.append(", \"k\": \"").append(one("x", "y", "z")).append('"');
      }
      if (up(8) > 0) {
        out.append(", \"v\": ").append(up(9) - 3);
      }
      List<Integer> elements = new ArrayList<>();
      for (int i = up(4); i > 0; i--) {
        elements.add(up(5));
      }
      out.append(", \"xs\": ").append(elements).append("}\n");
    }
    return out.toString();
  }

  // --- Queries ---------------------------------------------------------------------------------

  private int up(int bound) {
    return random.nextInt(bound);
  }

  private String one(String... list) {
    return list[up(list.length)];
  }

  private String alias() {
    return "t" + aliases++;
  }

  private String query() {
    aliases = 0;
    switch (up(6)) {
      case 0 -> {
        function = "HOP";
        lengths = "INTERVAL 10 MINUTE, INTERVAL " + one("20", "30", "25") + " MINUTE";
      }
      case 1 -> {
        function = "CUMULATE";
        lengths = "INTERVAL 10 MINUTE, INTERVAL 30 MINUTE";
      }
      case 2 -> {
        function = "SESSION";
        lengths = "INTERVAL " + one("3", "8") + " MINUTE";
      }
      default -> {
        function = "TUMBLE";
        lengths = "INTERVAL " + one("15", "30") + " MINUTE" + one("", ", INTERVAL 5 MINUTE");
      }
    }
    String rows = rows(1 + up(3));
    return up(6) == 0 && !function.equals("SESSION")
        ? "SELECT TUMBLE_START(window_end, INTERVAL 1 HOUR) AS hour, k, "
            + sum("n")
            + " AS n FROM ("
            + rows
            + ") GROUP BY TUMBLE(window_end, INTERVAL 1 HOUR), k"
        : rows;
  }

  private String sum(String of) {
    return one(
        "COUNT(*)",
        "COUNT(" + of + ")",
        "SUM(" + of + ")",
        "MIN(" + of + ")",
        "MAX(" + of + ")",
        "COUNT(DISTINCT " + of + ")",
        "CAST(AVG(" + of + ") AS INT64)",
        "COUNTIF(" + of + " > 1)",
        "SUM(DISTINCT " + of + ")",
        "ARRAY_LENGTH(ARRAY_AGG(" + of + " IGNORE NULLS ORDER BY " + of + " LIMIT 3))",
        "BIT_XOR(" + of + ")",
        "COUNT(*) FILTER (WHERE " + of + " < 3)");
  }

  private String leaf() {
    boolean session = function.equals("SESSION");
    String source =
        "TABLE("
            + function
            + "(TABLE "
            + one("a", "b")
            + (session ? " PARTITION BY k" : "")
            + ", DESCRIPTOR(ts), "
            + lengths
            + "))";
    // The rows of sessions are not filtered before they are grouped: that would be other sessions.
    String where =
        session ? "" : one("", "", " WHERE v > 0", " WHERE MOD(v, 2) = 0", " WHERE k IS NOT NULL");
    if (!session && up(4) == 0) {
      return "SELECT " + WINDOW + ", k, v AS n FROM " + source + where;
    } else if (up(6) == 0) {
      return "SELECT "
          + WINDOW
          + ", k, "
          + sum("x")
          + " AS n FROM "
          + source
          + one(" CROSS", " LEFT")
          + " JOIN UNNEST(xs) AS x"
          + where
          + " GROUP BY "
          + WINDOW
          + ", k";
    }
    return "SELECT "
        + WINDOW
        + ", k, "
        + sum("v")
        + " AS n FROM "
        + source
        + where
        + " GROUP BY "
        + WINDOW
        + ", k"
        + one("", "", " HAVING COUNT(*) > 1", " HAVING SUM(v) < 6");
  }

  private String from(String rows, String alias) {
    return "(" + rows + ") AS " + alias;
  }

  private String rows(int depth) {
    if (depth <= 0) {
      return leaf();
    }
    String a = alias();
    String rows = rows(depth - 1);
    String columns = a + ".window_start, " + a + ".window_end, " + a + ".k, ";
    String from = " FROM " + from(rows, a);
    String partition =
        "PARTITION BY window_start, window_end" + one("", ", k", ", n", ", MOD(n, 2)");
    return switch (up(13)) {
      case 0 ->
          "SELECT " + WINDOW + ", k, " + sum("n") + " AS n" + from + " GROUP BY " + WINDOW + ", k";
      case 1 ->
          "SELECT " + WINDOW + ", 'all' AS k, " + sum("n") + " AS n" + from + " GROUP BY " + WINDOW;
      case 2 ->
          "SELECT "
              + WINDOW
              + ", CAST(n AS STRING) AS k, COUNT(*) AS n"
              + from
              + " GROUP BY "
              + WINDOW
              + ", "
              + a
              + ".n";
      case 3 ->
          "SELECT "
              + columns
              + one("RANK()", "DENSE_RANK()", "SUM(n)", "COUNT(*)", "MAX(n)")
              + " OVER ("
              + partition
              + " ORDER BY k) AS n"
              + from;
      case 4 ->
          "SELECT "
              + columns
              + "n"
              + from
              + " QUALIFY RANK() OVER ("
              + partition
              + " ORDER BY "
              + one("n DESC", "n", "k, n")
              + ") <= 2";
      case 5 -> "SELECT " + columns + "n" + from + " ORDER BY n DESC, k LIMIT " + (1 + up(3));
      case 6 -> join(rows, a, rows(depth - 1));
      case 7 ->
          "SELECT "
              + WINDOW
              + ", k, n"
              + from
              + one(" UNION ALL", " UNION DISTINCT", " INTERSECT DISTINCT", " EXCEPT DISTINCT")
              + " SELECT "
              + WINDOW
              + ", k, n FROM "
              + from(rows(depth - 1), alias());
      case 8 -> {
        String b = alias();
        yield "SELECT "
            + columns
            + "n"
            + from
            + one(" WHERE EXISTS", " WHERE NOT EXISTS")
            + " (SELECT 1 FROM "
            + from(rows(depth - 1), b)
            + " WHERE "
            + same(a, b)
            + ")";
      }
      case 9 -> {
        String b = alias();
        yield "SELECT "
            + columns
            + "(SELECT "
            + sum(b + ".n")
            + " FROM "
            + from(rows(depth - 1), b)
            + " WHERE "
            + same(a, b)
            + ") AS n"
            + from;
      }
      case 10 -> "SELECT " + columns + "n" + from + " WHERE MOD(n, 2) = 0";
      case 11 ->
          "SELECT "
              + a
              + ".window_start, "
              + a
              + ".window_end, d.c AS k, n"
              + from
              + one(" LEFT", "")
              + " JOIN d ON d.k = "
              + a
              + ".k";
      default ->
          "SELECT DISTINCT " + WINDOW + ", " + one("k, n", "k, 1 AS n", "'one' AS k, n") + from;
    };
  }

  private String join(String rows, String a, String others) {
    String b = alias();
    String kind = one("INNER", "LEFT", "RIGHT", "FULL");
    String value = "COALESCE(%s.%s, %s.%s)";
    return "SELECT "
        + value.formatted(a, "window_start", b, "window_start")
        + " AS window_start, "
        + value.formatted(a, "window_end", b, "window_end")
        + " AS window_end, "
        + value.formatted(a, "k", b, "k")
        + " AS k, "
        + one(a + ".n", b + ".n", "IFNULL(" + a + ".n, 0) + IFNULL(" + b + ".n, 10)")
        + " AS n FROM "
        + from(rows, a)
        + " "
        + kind
        + " JOIN "
        + from(others, b)
        + " ON "
        + same(a, b);
  }

  private String same(String a, String b) {
    String more =
        one(
            " AND $a.k = $b.k",
            " AND $a.k = $b.k",
            " AND $a.n = $b.n",
            " AND $a.k = $b.k AND $a.n < $b.n",
            " AND MOD($a.n, 2) = MOD($b.n, 2)",
            "");
    return "$a.window_start = $b.window_start AND $a.window_end = $b.window_end"
        .concat(more)
        .replace("$a", a)
        .replace("$b", b);
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    int queries = Integer.getInteger("fuzz.queries", 1_000);
    int runs = Integer.getInteger("fuzz.runs", 8);
    long seed = Long.getLong("fuzz.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Report report = run(Files.createTempDirectory("stream-fuzz"), seed, queries, runs);
    report.differences().forEach(System.out::println);
    System.out.println(
        report.tried()
            + " queries in "
            + runs
            + " streams each: "
            + report.differences().size()
            + " differ; not tried: "
            + report.skipped());
    System.exit(report.differences().isEmpty() ? 0 : 1);
  }
}
