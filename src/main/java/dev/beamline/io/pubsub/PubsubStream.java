package dev.beamline.io.pubsub;

import dev.beamline.catalog.Schema;
import dev.beamline.io.record.DecodedRecord;
import dev.beamline.io.record.DecodedRecordCoder;
import dev.beamline.io.stream.CurrentSources;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.TopicPath;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a subscription, decoded, stamped with their event time. Beam's own reader takes the
 * time of publishing for the watermark; this one follows the events, so that messages which were
 * held up on their way are not late for that.
 */
final class PubsubStream extends UnboundedSource<DecodedRecord, PubsubMark> {

  private static final long serialVersionUID = 1L;

  private static final int NEW_SUBSCRIPTION_SECONDS = 60;

  private final PubsubSettings settings;
  private final Schema read;
  private final int eventTime;

  /**
   * A stream.
   *
   * @param read the columns that are read, the event time among them
   * @param eventTime its index; -1: the time of publishing
   */
  PubsubStream(PubsubSettings settings, Schema read, int eventTime) {
    this.settings = settings;
    this.read = read;
    this.eventTime = eventTime;
  }

  /** One part: the service itself spreads messages over those who ask. */
  @Override
  public List<PubsubStream> split(int desiredNumSplits, PipelineOptions options)
      throws IOException {
    if (settings.subscription() != null) {
      return List.of(this);
    }
    TopicPath topic = PubsubClient.topicPathFromPath(Objects.requireNonNull(settings.topic()));
    try (PubsubClient client = PubsubClients.of(options)) {
      String project = settings.origin().split("/", -1)[1];
      String made =
          client
              .createRandomSubscription(
                  PubsubClient.projectPathFromId(project), topic, NEW_SUBSCRIPTION_SECONDS)
              .getPath();
      return List.of(new PubsubStream(settings.through(made), read, eventTime));
    }
  }

  @Override
  public UnboundedReader<DecodedRecord> createReader(
      PipelineOptions options, @Nullable PubsubMark mark) throws IOException {
    return as(CurrentSources.find(options, settings.name(), PubsubStream.class))
        .reader(PubsubClients.of(options), System::nanoTime, mark);
  }

  /**
   * As the project is now, where this one was restored from state and is as it was then. The
   * subscription stays, where it was made for the topic.
   */
  private PubsubStream as(@Nullable PubsubStream now) {
    if (now == null) {
      return this;
    }
    return now.settings.subscription() != null || settings.subscription() == null
        ? now
        : new PubsubStream(now.settings.through(settings.subscription()), now.read, now.eventTime);
  }

  /** As {@link #createReader}, by another clock. */
  PubsubReader reader(PubsubClient client, LongSupplier nanos, @Nullable PubsubMark mark)
      throws IOException {
    return new PubsubReader(this, settings, read, eventTime, client, nanos, mark);
  }

  @Override
  public Coder<PubsubMark> getCheckpointMarkCoder() {
    return new PubsubMark.MarkCoder();
  }

  @Override
  public Coder<DecodedRecord> getOutputCoder() {
    return DecodedRecordCoder.of(read);
  }

  /** What was not acknowledged in time is sent again. */
  @Override
  public boolean requiresDeduping() {
    return true;
  }
}
