package dev.beamline.report.explain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a query is computed.
 *
 * @param mode {@code streaming} or {@code batch}, as its first pipeline runs it
 * @param pipelines that run it
 * @param readers queries that read its result
 * @param steps each after its inputs; the last is the result
 * @param estimated whether there was a sample to measure; else no step has estimates
 * @param totals null where nothing was measured
 */
public record Explanation(
    String query,
    @Nullable String description,
    @Nullable String owner,
    String mode,
    List<String> pipelines,
    List<String> readers,
    List<Step> steps,
    Output output,
    boolean estimated,
    @Nullable Totals totals,
    List<Warning> warnings) {

  public Explanation {
    pipelines = List.copyOf(pipelines);
    readers = List.copyOf(readers);
    steps = List.copyOf(steps);
    warnings = List.copyOf(warnings);
  }

  /**
   * A step.
   *
   * @param inputs ids of steps
   * @param kind such as {@code read}, {@code window} or {@code group}
   * @param what in a few words
   * @param facts name and value, in the order in which they are worth reading
   * @param estimate null: not measured
   */
  public record Step(
      int id,
      List<Integer> inputs,
      String kind,
      String what,
      List<Fact> facts,
      @Nullable Estimate estimate) {
    public Step {
      inputs = List.copyOf(inputs);
      facts = List.copyOf(facts);
    }
  }

  /** One thing that is known of a step. */
  public record Fact(String name, String value) {}

  /**
   * What a step would do in a day as the sample is.
   *
   * @param rows that come out of it; of a table that does not grow, its rows
   * @param perDay whether the numbers are of a day
   * @param shuffleRows rows or sums that go to other workers; 0 where none do
   * @param stateBytes kept at a time, on average; 0 where nothing is kept
   * @param stateGrows whether state is never given back
   */
  public record Estimate(
      double rows,
      boolean perDay,
      double shuffleRows,
      double shuffleBytes,
      double stateBytes,
      boolean stateGrows) {}

  /**
   * Where the rows go.
   *
   * @param write {@code upsert} or {@code append}
   * @param key of the upsert; empty: none
   */
  public record Output(
      String sink, String table, String write, List<String> key, List<Fact> facts) {
    public Output {
      key = List.copyOf(key);
      facts = List.copyOf(facts);
    }
  }

  /** Of all steps, a day. */
  public record Totals(
      double rowsRead, double rowsWritten, double shuffleBytes, double stateBytes) {}

  /** Something to think about before it is deployed. */
  public record Warning(String code, String message, String hint) {}
}
