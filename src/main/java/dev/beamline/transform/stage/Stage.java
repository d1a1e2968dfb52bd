package dev.beamline.transform.stage;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.Compilers;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/** Runs the programs of all queries over each row. An error in one query does not touch another. */
public final class Stage implements RowStage {

  private static final long serialVersionUID = 1L;

  private final List<RowProgram> programs;
  private transient Chain @Nullable [] chains;
  private transient Map<String, Tally> tallies = Map.of();

  public Stage(List<RowProgram> programs) {
    this.programs = List.copyOf(programs);
  }

  public List<RowProgram> programs() {
    return programs;
  }

  /** All tags that the programs send to, in an order that the programs alone decide. */
  public TupleTagList tags() {
    TreeMap<String, TupleTag<?>> tags = new TreeMap<>();
    for (RowProgram program : programs) {
      TupleTag<?> end = program.end().tag();
      tags.put(end.getId(), end);
      tags.put(program.errors().getId(), program.errors());
    }
    TupleTagList list = TupleTagList.empty();
    for (TupleTag<?> tag : tags.values()) {
      list = list.and(tag);
    }
    return list;
  }

  @Override
  public void setup() {
    Sharing sharing = Sharing.counting();
    if (programs.size() > 1) {
      compile(sharing, new HashMap<>());
    }
    Map<String, Tally> counted = new HashMap<>();
    chains = compile(sharing.counted(), counted);
    tallies = counted;
  }

  private Chain[] compile(Sharing sharing, Map<String, Tally> counted) {
    return programs.stream()
        .map(
            program ->
                new Chain(
                    program,
                    Compilers.expressions(),
                    counted.computeIfAbsent(
                        program.query(), query -> new Tally(query, program.counted())),
                    sharing))
        .toArray(Chain[]::new);
  }

  private Chain[] chains() {
    Chain[] compiled = chains;
    if (compiled == null) {
      throw new IllegalStateException("the stage is not set up");
    }
    return compiled;
  }

  @Override
  public void startBundle() {
    for (Chain chain : chains()) {
      chain.startBundle();
    }
  }

  @Override
  public void process(Tuple row, long eventTimeMicros, StageOutput output) {
    for (Chain chain : chains()) {
      chain.process(row, eventTimeMicros, output);
    }
  }

  @Override
  public void leftOut(long rows) {
    tallies.values().forEach(tally -> tally.neverCame(rows));
  }

  @Override
  public void finishBundle(StageOutput output) {
    for (Chain chain : chains()) {
      chain.finishBundle(output);
    }
  }
}
