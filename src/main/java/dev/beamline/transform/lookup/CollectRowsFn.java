package dev.beamline.transform.lookup;

import dev.beamline.catalog.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.transforms.Combine;

/** All rows as one list: a table small enough to be at hand. */
public final class CollectRowsFn extends Combine.CombineFn<Tuple, List<Tuple>, List<Tuple>> {

  private static final long serialVersionUID = 1L;

  @Override
  public List<Tuple> createAccumulator() {
    return new ArrayList<>();
  }

  @Override
  public List<Tuple> addInput(List<Tuple> rows, Tuple row) {
    rows.add(row);
    return rows;
  }

  @Override
  public List<Tuple> mergeAccumulators(Iterable<List<Tuple>> all) {
    List<Tuple> rows = new ArrayList<>();
    all.forEach(rows::addAll);
    return rows;
  }

  @Override
  public List<Tuple> extractOutput(List<Tuple> rows) {
    return rows;
  }

  @Override
  public Coder<List<Tuple>> getAccumulatorCoder(CoderRegistry registry, Coder<Tuple> rows) {
    return ListCoder.of(rows);
  }

  @Override
  public Coder<List<Tuple>> getDefaultOutputCoder(CoderRegistry registry, Coder<Tuple> rows) {
    return ListCoder.of(rows);
  }
}
