package dev.beamline.io.kafka;

import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanFn;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.io.format.RowShape;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.StageOutputs;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads all that a topic has when the pipeline starts, in parallel: each partition from its first
 * offset to the one that is its end then, cut into ranges.
 */
public final class KafkaRead implements SourceProvider {

  /** Offsets a range: enough that a consumer's start does not count. */
  private static final long RANGE = 1_000_000;

  private final KafkaSource source;

  public KafkaRead(KafkaSource source) {
    this.source = source;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public boolean bounded() {
    return true;
  }

  @Override
  public void check(Problems problems) {
    KafkaChecks.check(source, problems);
  }

  @Override
  public PCollectionTuple read(PBegin begin, ScanRequest request) {
    return begin
        .apply(
            "Source", Create.of(List.of(source)).withCoder(SerializableCoder.of(KafkaSource.class)))
        .apply("Ranges", ParDo.of(new FindRanges()))
        .setCoder(SerializableCoder.of(Range.class))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply(
            "Read",
            ParDo.of(new ReadRange(source, request))
                .withOutputTags(request.errors(), request.outputTags()));
  }

  /** Offsets of a partition, the end left out. */
  record Range(int partition, long from, long to) implements Serializable {}

  static final class FindRanges extends DoFn<KafkaSource, Range> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element KafkaSource source, OutputReceiver<Range> receiver)
        throws IOException {
      try (Consumer<byte[], byte[]> consumer = KafkaClients.consumer(source)) {
        List<TopicPartition> partitions = KafkaClients.partitions(consumer, source);
        Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
          long to = end.getOrDefault(partition, 0L);
          for (long from = first.getOrDefault(partition, 0L); from < to; from += RANGE) {
            receiver.output(new Range(partition.partition(), from, Math.min(to, from + RANGE)));
          }
        }
      } catch (KafkaException e) {
        throw KafkaClients.told(source, e);
      }
    }
  }

  static final class ReadRange extends ScanFn<Range> {
    private static final long serialVersionUID = 1L;

    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaSource source;
    private final RowShape shape;

    ReadRange(KafkaSource source, ScanRequest request) {
      super(source.name(), request);
      this.source = source;
      this.shape = KafkaChecks.shape(source, request);
    }

    @ProcessElement
    public void process(@Element Range range, MultiOutputReceiver receiver) throws IOException {
      StageOutput output = StageOutputs.of(receiver);
      TopicPartition partition = new TopicPartition(source.topic(), range.partition());
      KafkaRecords records = new KafkaRecords(source, shape);
      try (Consumer<byte[], byte[]> consumer = KafkaClients.consumer(source)) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, range.from());
        // Compaction and transactions leave gaps: the position tells the end, not the records.
        while (consumer.position(partition) < range.to()) {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
            if (record.offset() >= range.to()) {
              return;
            }
            read.inc();
            Tuple row = records.decode(record);
            if (row == null) {
              refuse(records.error(), receiver);
            } else {
              stage.process(row, time(row), output);
            }
          }
        }
      } catch (KafkaException e) {
        throw KafkaClients.told(source, e);
      }
    }
  }
}
