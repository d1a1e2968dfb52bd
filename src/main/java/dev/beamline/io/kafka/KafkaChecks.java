package dev.beamline.io.kafka;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.format.RowShape;
import java.util.ArrayList;
import java.util.List;
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
    List<Column> columns = new ArrayList<>(request.read().columns());
    int eventTime = request.eventTime();
    if (eventTime >= 0) {
      Column column = columns.get(eventTime);
      columns.set(eventTime, new Column(column.name(), column.type(), true, column.description()));
    }
    return new RowShape(new Schema(columns), source.columns());
  }

  /** The event time of a row, in microseconds. */
  static long time(Tuple row, int column) {
    return column >= 0 && row.get(column) instanceof Long micros
        ? micros
        : ScanRequest.NO_EVENT_TIME;
  }
}
