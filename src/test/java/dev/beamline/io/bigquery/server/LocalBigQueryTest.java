package dev.beamline.io.bigquery.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableRow;
import com.google.api.services.bigquery.model.TableSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO.TypedRead.Method;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO.Write;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;

/** Beam's own connector finds the calls it needs in the local server. */
final class LocalBigQueryTest {

  private static final TableSchema SCHEMA =
      new TableSchema()
          .setFields(
              List.of(
                  new TableFieldSchema().setName("id").setType("INT64").setMode("REQUIRED"),
                  new TableFieldSchema().setName("text").setType("STRING")));

  @Test
  void writesInEachWayAndReadsBack() throws Exception {
    try (LocalBigQuery server = LocalBigQuery.start()) {
      server.makeDataset("demo", "shop");
      for (Write.Method method :
          List.of(
              Write.Method.STORAGE_WRITE_API,
              Write.Method.STORAGE_API_AT_LEAST_ONCE,
              Write.Method.STREAMING_INSERTS)) {
        String table = method.name().toLowerCase();
        var resource = RestApi.JSON.createObjectNode();
        resource.putObject("tableReference").put("tableId", table);
        resource.set("schema", RestApi.JSON.readTree(json()));
        server.makeTable("demo", "shop", resource);
        List<TableRow> rows = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          rows.add(new TableRow().set("id", i).set("text", i % 5 == 0 ? null : "t" + i));
        }
        Pipeline pipeline = pipeline(server);
        pipeline
            .apply(
                Create.of(rows)
                    .withCoder(org.apache.beam.sdk.io.gcp.bigquery.TableRowJsonCoder.of()))
            .apply(
                BigQueryIO.writeTableRows()
                    .to("demo:shop." + table)
                    .withSchema(SCHEMA)
                    .withMethod(method)
                    .withoutValidation()
                    .withCreateDisposition(Write.CreateDisposition.CREATE_NEVER));
        pipeline.run().waitUntilFinish();
        assertEquals(50, server.rows("demo", "shop", table).size(), table);
      }

      Pipeline read = pipeline(server);
      PCollection<TableRow> rows =
          read.apply(
              BigQueryIO.readTableRows()
                  .from("demo:shop.storage_write_api")
                  .withMethod(Method.DIRECT_READ)
                  .withoutValidation()
                  .withRowRestriction("`id` >= 10 AND `text` IS NOT NULL"));
      PAssert.thatSingleton(rows.apply(Count.globally())).isEqualTo(32L);
      read.run().waitUntilFinish();
    }
  }

  private static String json() {
    return "{\"fields\":[{\"name\":\"id\",\"type\":\"INTEGER\",\"mode\":\"REQUIRED\"},"
        + "{\"name\":\"text\",\"type\":\"STRING\"}]}";
  }

  private static Pipeline pipeline(LocalBigQuery server) {
    List<String> options = new ArrayList<>(server.options());
    options.add("--project=demo");
    return Pipeline.create(
        PipelineOptionsFactory.fromArgs(options.toArray(String[]::new)).create());
  }
}
