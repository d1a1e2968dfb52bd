package dev.beamline.io.bigquery;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.Place;
import dev.beamline.io.ServiceException;
import dev.beamline.io.SinkTable;
import dev.beamline.io.bigquery.server.LocalBigQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** A service that is not there, or not to be trusted, is said to be so before a run begins. */
final class UnreachableTest {

  private static final String STORE = "javax.net.ssl.trustStore";

  @Test
  void aCertificateThatIsNotTrustedIsSaid() throws Exception {
    try (LocalBigQuery server = LocalBigQuery.start()) {
      server.makeDataset("demo", "d");
      BigQuerySink sink = sink(server.endpoint());
      assertDoesNotThrow(sink::prepare);
      String trusted = System.getProperty(STORE);
      System.setProperty(
          STORE, Path.of(System.getProperty("java.home"), "lib/security/cacerts").toString());
      String password = System.clearProperty(STORE + "Password");
      String type = System.clearProperty(STORE + "Type");
      try {
        ServiceException said = assertThrows(ServiceException.class, sink::prepare);
        assertTrue(
            said.getMessage().contains("its certificate is not trusted")
                && said.getMessage().contains("127.0.0.1:" + server.port()),
            said.getMessage());
      } finally {
        restore(STORE, trusted);
        restore(STORE + "Password", password);
        restore(STORE + "Type", type);
      }
      assertDoesNotThrow(sink::prepare);
    }
  }

  @Test
  void aServiceThatIsNotThereIsSaidSoon() {
    BigQuerySink sink = sink("http://127.0.0.1:9");
    ServiceException said =
        Assertions.assertTimeout(
            Duration.ofSeconds(60), () -> assertThrows(ServiceException.class, sink::prepare));
    assertTrue(said.getMessage().contains("cannot be reached"), said.getMessage());
  }

  private static void restore(String property, String value) {
    if (value == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, value);
    }
  }

  private static BigQuerySink sink(String endpoint) {
    Schema schema = Schema.of(Column.of("n", ScalarType.INT64));
    SinkTable table = new SinkTable("t", schema, List.of(), null);
    return new BigQuerySink(
        TableSettings.plain(new TableId("demo", "d", "t"), table),
        WriteMethod.EXACTLY_ONCE,
        PipelineOptionsFactory.fromArgs(
                "--bigQueryEndpoint=" + endpoint,
                "--credentialFactoryClass="
                    + "org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory")
            .create(),
        Place.ofFile("pipelines.yaml"),
        null,
        records -> {});
  }
}
