package dev.beamline.io.kafka;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.format.RowShape;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;

/** What reading in ranges and as a stream have in common. */
final class KafkaChecks {

  private KafkaChecks() {}

  /** Whether the consumer's options make a consumer; brokers are not asked. */
  static void check(KafkaSource source, Problems problems) {
    try (Consumer<byte[], byte[]> consumer = KafkaClients.consumer(source)) {
      consumer.wakeup();
    } catch (KafkaException e) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.INVALID_VALUE,
              source.place(),
              "source " + source.name() + ": " + withoutValues(e)));
    }
  }

  /** What Kafka says of an option without the value, which may be a secret. */
  static String withoutValues(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(cause.getMessage())
        .replaceAll("Invalid value .*? for ", "invalid value for ");
  }

  /** The columns to decode, where a row without event time is no row. */
  static RowShape shape(KafkaSource source, ScanRequest request) {
    return RowShape.ofScan(request.read(), request.eventTime(), source.columns());
  }
}
