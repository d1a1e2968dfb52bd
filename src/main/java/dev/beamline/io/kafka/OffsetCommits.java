package dev.beamline.io.kafka;

import java.io.ObjectStreamException;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Offsets that a group may commit: a checkpoint is finished by another thread than the one that
 * reads, and a consumer is one thread's. A mark that was stored has forgotten its reader.
 */
final class OffsetCommits implements Serializable {

  private static final long serialVersionUID = 1L;

  private final transient AtomicReference<@Nullable List<KafkaMark.Position>> waiting =
      new AtomicReference<>();

  void later(List<KafkaMark.Position> positions) {
    waiting.set(positions);
  }

  /** What is to be committed now; null: nothing. */
  @Nullable List<KafkaMark.Position> take() {
    return waiting.getAndSet(null);
  }

  private Object readResolve() throws ObjectStreamException {
    return new OffsetCommits();
  }
}
