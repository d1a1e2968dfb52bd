package dev.beamline.io.once;

import dev.beamline.transform.Change;
import java.util.UUID;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Gives each change a number in place of its sequence: 0, 1, 2 ... of a writer, whose name is the
 * key. Both are part of the runner's state, so that a step that asks for stable input is given the
 * same change with the same number after a crash, and a system that keeps the numbers it has knows
 * what comes a second time.
 */
public final class NumberChanges
    extends PTransform<PCollection<Change>, PCollection<KV<String, Change>>> {

  private static final long serialVersionUID = 1L;

  @Override
  public PCollection<KV<String, Change>> expand(PCollection<Change> changes) {
    KvCoder<String, Change> named = KvCoder.of(StringUtf8Coder.of(), changes.getCoder());
    return changes
        .apply("Together", WithKeys.of(""))
        .setCoder(named)
        .apply("Number", ParDo.of(new NumberFn()))
        .setCoder(named);
  }

  /** Numbers changes, under the name of a writer that lives as long as the state does. */
  private static final class NumberFn extends DoFn<KV<String, Change>, KV<String, Change>> {

    private static final long serialVersionUID = 1L;

    @StateId("writer")
    @SuppressWarnings("unused") // By reflection.
    private final StateSpec<ValueState<String>> writerSpec = StateSpecs.value(StringUtf8Coder.of());

    @StateId("next")
    @SuppressWarnings("unused") // By reflection.
    private final StateSpec<ValueState<Long>> nextSpec = StateSpecs.value(VarLongCoder.of());

    @ProcessElement
    public void process(
        @Element KV<String, Change> element,
        @StateId("writer") ValueState<String> writer,
        @StateId("next") ValueState<Long> next,
        OutputReceiver<KV<String, Change>> receiver) {
      String name = writer.read();
      if (name == null) {
        name = "w" + UUID.randomUUID().toString().replace("-", "");
        writer.write(name);
      }
      Long number = next.read();
      long mine = number == null ? 0 : number;
      next.write(mine + 1);
      Change change = element.getValue();
      receiver.output(KV.of(name, new Change(change.row(), change.withdrawn(), mine)));
    }
  }
}
