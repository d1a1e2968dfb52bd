package dev.beamline.testing.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.runners.core.InMemoryMultimapSideInputView;
import org.apache.beam.runners.core.SideInputReader;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.Materializations;
import org.apache.beam.sdk.transforms.ViewFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/** The side inputs of a graph, as they are so far. */
@SuppressWarnings("deprecation") // Runners are meant to call it; there is nothing else.
final class Views implements SideInputReader {

  private final Map<TupleTag<?>, List<Object>> elements = new HashMap<>();
  private final Map<TupleTag<?>, @Nullable Object> made = new HashMap<>();
  private final Set<TupleTag<?>> known = new HashSet<>();

  void declare(PCollectionView<?> view) {
    known.add(view.getTagInternal());
  }

  /** All elements of a view are there. */
  void set(PCollectionView<?> view, List<Object> values) {
    elements.put(view.getTagInternal(), new ArrayList<>(values));
    made.remove(view.getTagInternal());
  }

  boolean ready(PCollectionView<?> view) {
    return elements.containsKey(view.getTagInternal());
  }

  @Override
  @SuppressWarnings("unchecked") // A view's function makes what the view says.
  public <T> @Nullable T get(PCollectionView<T> view, BoundedWindow window) {
    return (T) made.computeIfAbsent(view.getTagInternal(), tag -> make(view));
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // The materialization says what the function takes.
  private @Nullable Object make(PCollectionView<?> view) {
    List<Object> values = elements.getOrDefault(view.getTagInternal(), List.of());
    ViewFn fn = view.getViewFn();
    String urn = fn.getMaterialization().getUrn();
    if (urn.equals(Materializations.ITERABLE_MATERIALIZATION_URN)) {
      return fn.apply((Materializations.IterableView<Object>) () -> values);
    }
    if (!urn.equals(Materializations.MULTIMAP_MATERIALIZATION_URN)) {
      throw new UnsupportedOperationException("a side input as " + urn);
    }
    KvCoder coder = (KvCoder) view.getCoderInternal();
    Iterable pairs = values;
    return fn.apply(
        InMemoryMultimapSideInputView.fromIterable(
            coder.getKeyCoder(), (Iterable<KV<Object, Object>>) pairs));
  }

  @Override
  public <T> boolean contains(PCollectionView<T> view) {
    return known.contains(view.getTagInternal());
  }

  @Override
  public boolean isEmpty() {
    return known.isEmpty();
  }
}
