package dev.beamline.testing.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/** Makes operations of the primitive transforms of a graph, each after those it reads. */
final class GraphReader extends Pipeline.PipelineVisitor.Defaults {

  private final Views views;
  private final LongSupplier clock;
  private final Operation.Emitter emitter;
  private final List<Operation> operations = new ArrayList<>();
  private @Nullable Pipeline graph;

  GraphReader(Views views, LongSupplier clock, Operation.Emitter emitter) {
    this.views = views;
    this.clock = clock;
    this.emitter = emitter;
  }

  List<Operation> read(Pipeline pipeline) {
    graph = pipeline;
    pipeline.traverseTopologically(this);
    return List.copyOf(operations);
  }

  @Override
  public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
    if (node.getTransform() instanceof Create.Values<?> values) {
      InputOperation input = new InputOperation(node.getFullName(), null, outputs(node), emitter);
      for (Object value : values.getElements()) {
        input.add(value, BoundedWindow.TIMESTAMP_MIN_VALUE);
      }
      operations.add(input);
      return CompositeBehavior.DO_NOT_ENTER_TRANSFORM;
    }
    return CompositeBehavior.ENTER_TRANSFORM;
  }

  @Override
  @SuppressWarnings("deprecation") // Runners are meant to ask for the view.
  public void visitPrimitiveTransform(TransformHierarchy.Node node) {
    PTransform<?, ?> transform = node.getTransform();
    String name = node.getFullName();
    List<PCollection<?>> inputs = List.copyOf(node.getInputs().values());
    if (transform instanceof SimulatedInput input) {
      operations.add(new InputOperation(name, input.source(), outputs(node), emitter));
    } else if (transform instanceof Impulse) {
      InputOperation impulse = new InputOperation(name, null, outputs(node), emitter);
      impulse.add(new byte[0], BoundedWindow.TIMESTAMP_MIN_VALUE);
      operations.add(impulse);
    } else if (transform instanceof ParDo.MultiOutput<?, ?> parDo) {
      operations.add(parDo(name, parDo, inputs, outputs(node)));
    } else if (transform instanceof Flatten.PCollections<?>) {
      operations.add(new FlattenOperation(name, inputs, outputs(node), emitter));
    } else if (transform instanceof GroupByKey<?, ?>) {
      operations.add(new GroupByKeyOperation(name, inputs.get(0), outputs(node), emitter));
    } else if (transform instanceof View.CreatePCollectionView<?, ?> view) {
      operations.add(
          new ViewOperation(name, view.getView(), inputs, outputs(node), views, emitter));
    } else {
      throw new UnsupportedOperationException(
          "a simulation has no "
              + Objects.requireNonNull(transform).getClass()
              + " ("
              + name
              + ")");
    }
  }

  private Operation parDo(
      String name,
      ParDo.MultiOutput<?, ?> parDo,
      List<PCollection<?>> inputs,
      Map<TupleTag<?>, PCollection<?>> outputs) {
    List<PCollection<?>> sides = new ArrayList<>();
    for (PCollectionView<?> view : parDo.getSideInputs().values()) {
      sides.add(Objects.requireNonNull(view.getPCollection()));
    }
    PCollection<?> main =
        inputs.stream().filter(input -> !sides.contains(input)).findFirst().orElseThrow();
    return new ParDoOperation(
        name,
        parDo,
        main,
        List.of(main),
        outputs,
        Objects.requireNonNull(graph).getOptions(),
        views,
        clock,
        emitter);
  }

  private static Map<TupleTag<?>, PCollection<?>> outputs(TransformHierarchy.Node node) {
    return node.getOutputs();
  }
}
