package dev.beamline.pipeline;

import dev.beamline.catalog.Schema;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.stage.RowEnd;
import dev.beamline.transform.stage.RowProgram;
import dev.beamline.transform.stage.RowStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * A place of the graph that makes rows. All that is done with single rows after it, for all who
 * read it, happens inside its own step: its branches.
 */
abstract class Node {

  private final String name;
  private final Set<Branch> branches =
      new TreeSet<>(java.util.Comparator.comparing(branch -> branch.end().getId()));
  private final Map<String, TupleTag<ErrorRecord>> errors = new LinkedHashMap<>();
  private @Nullable PCollectionTuple applied;

  Node(String name) {
    this.name = name;
  }

  /** What is done with the node's rows for one reader. */
  record Branch(
      String query, List<RowStep> steps, RowEnd rowEnd, TupleTag<?> end, Coder<?> coder) {}

  /** Structural: the query and the operator. */
  String name() {
    return name;
  }

  /** Whether its rows end. */
  abstract boolean bounded();

  /** Whether its rows replace each other, pane by pane. */
  boolean manyPanes() {
    return false;
  }

  /** Whether a later pane holds what an earlier one did. */
  boolean accumulating() {
    return true;
  }

  /** Whether its rows are a source's, not yet brought together. */
  boolean rowsOfSource() {
    return false;
  }

  /** Milliseconds after a window's end until the last of its rows is there. */
  long slack() {
    return 0;
  }

  /** The nodes whose rows come in. */
  abstract List<Node> inputs();

  /** The columns of its rows. */
  abstract Schema schema();

  /** Applies the node's transforms, its inputs being there. */
  abstract PCollectionTuple expand(Pipeline pipeline);

  /** Whether its rows are the query's input in the ledger. */
  boolean countsRows() {
    return rowsOfSource();
  }

  void add(Branch branch) {
    branches.add(branch);
  }

  /** In an order that does not depend on who asked first. */
  List<Branch> branches() {
    return List.copyOf(branches);
  }

  TupleTag<ErrorRecord> errorTag(String query) {
    return errors.computeIfAbsent(query, q -> new TupleTag<>(q + "/errors"));
  }

  /** The error outputs of queries that are on this node. */
  Map<String, TupleTag<ErrorRecord>> errorTags() {
    return errors;
  }

  List<RowProgram> programs() {
    List<RowProgram> programs = new ArrayList<>();
    for (Branch branch : branches) {
      programs.add(
          new RowProgram(
              branch.query(),
              schema(),
              branch.steps(),
              branch.rowEnd(),
              countsRows(),
              rowsOfSource(),
              errorTag(branch.query())));
    }
    return programs;
  }

  PCollectionTuple apply(Pipeline pipeline) {
    PCollectionTuple outputs = applied;
    if (outputs == null) {
      inputs().forEach(input -> input.apply(pipeline));
      outputs = expand(pipeline);
      for (Branch branch : branches) {
        setCoder(outputs.get(branch.end()), branch.coder());
      }
      for (TupleTag<ErrorRecord> tag : errors.values()) {
        outputs.get(tag).setCoder(dev.beamline.transform.ErrorRecordCoder.of());
      }
      applied = outputs;
    }
    return outputs;
  }

  @SuppressWarnings("unchecked") // Tag and coder were made together, for one type.
  private static <T> void setCoder(PCollection<T> collection, Coder<?> coder) {
    collection.setCoder((Coder<T>) coder);
  }

  <T> PCollection<T> output(Pipeline pipeline, TupleTag<T> tag) {
    return apply(pipeline).get(tag);
  }
}
