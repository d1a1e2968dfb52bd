package dev.beamline.io.kafka;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader of a topic stands.
 *
 * @param partitions of each what comes next
 * @param watermarkMillis what the reader has said of its progress
 */
record KafkaMark(List<Position> partitions, long watermarkMillis, @Nullable OffsetCommits commits)
    implements CheckpointMark, Serializable {

  KafkaMark {
    partitions = new ArrayList<>(partitions);
  }

  /**
   * A partition.
   *
   * @param offset of the next record
   * @param newestMillis newest event time that was seen; {@link Long#MIN_VALUE}: none
   */
  record Position(int partition, long offset, long newestMillis) implements Serializable {}

  /** All before the mark is safe: the group need not read it again. */
  @Override
  public void finalizeCheckpoint() {
    if (commits != null) {
      commits.later(partitions);
    }
  }
}
