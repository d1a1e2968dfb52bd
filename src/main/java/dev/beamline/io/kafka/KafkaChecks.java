package dev.beamline.io.kafka;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.format.RowShape;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;

/** What reading in ranges and as a stream have in common. */
final class KafkaChecks {

  /** What is said around any reason. */
  private static final Set<String> GENERAL =
      Set.of(
          "Failed to construct kafka consumer",
          "Failed to construct kafka producer",
          "Failed to create new NetworkClient");

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

  /**
   * What Kafka says: the innermost two messages, since the outer ones only say that there is no
   * client. Without the value of an option, which may be a secret.
   */
  static String withoutValues(Throwable failure) {
    String outer = "";
    String inner = String.valueOf(failure.getMessage());
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && !inner.endsWith(message)) {
        outer = GENERAL.contains(inner) ? "" : inner + ": ";
        inner = message;
      }
    }
    return (outer.endsWith(inner + ": ") ? inner : outer + inner)
        .replaceAll("(?s)Invalid value .*? for ", "invalid value for ");
  }

  /** The columns to decode, where a row without event time is no row. */
  static RowShape shape(KafkaSource source, ScanRequest request) {
    return RowShape.ofScan(request.read(), request.eventTime(), source.columns());
  }
}
