package dev.beamline.pipeline;

import dev.beamline.transform.Change;
import dev.beamline.transform.ErrorRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/** Keeps what a pipeline writes, in the order in which it comes. */
final class MemorySinks implements Sinks {

  private static final Map<String, List<Object>> WRITTEN = new ConcurrentHashMap<>();

  private final String id = UUID.randomUUID().toString();

  List<Change> changes(String query) {
    return cast(WRITTEN.getOrDefault(id + "/" + query, List.of()));
  }

  List<ErrorRecord> errors(String origin) {
    return cast(WRITTEN.getOrDefault(id + "/" + origin + "/errors", List.of()));
  }

  @SuppressWarnings("unchecked")
  private static <T> List<T> cast(List<Object> list) {
    return List.copyOf((List<T>) list);
  }

  @Override
  public void write(QueryJob job, PCollection<Change> changes) {
    changes.apply(job.name() + "/sink", ParDo.of(new Keep<>(id + "/" + job.name())));
  }

  @Override
  public void writeErrors(String origin, PCollection<ErrorRecord> errors) {
    errors.apply(origin + ".errors/sink", ParDo.of(new Keep<>(id + "/" + origin + "/errors")));
  }

  static final class Keep<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1L;
    private final String name;

    Keep(String name) {
      this.name = name;
    }

    @ProcessElement
    public void process(@Element T element) {
      WRITTEN
          .computeIfAbsent(name, n -> Collections.synchronizedList(new ArrayList<>()))
          .add(element);
    }
  }
}
