package dev.beamline.io.bigquery;

import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import com.google.cloud.bigquery.storage.v1.DataFormat;
import com.google.cloud.bigquery.storage.v1.ReadRowsRequest;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.cloud.bigquery.storage.v1.ReadStream;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.format.AvroRecords;
import dev.beamline.io.format.DecodeException;
import dev.beamline.transform.lookup.TableReading;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.beam.runners.core.construction.SerializablePipelineOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.StorageClient;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServicesImpl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table that changes slowly: workers that look rows up in it read it again.
 *
 * @param source its name in the project
 */
record RefreshedTable(
    String source, TableId table, Duration refresh, SerializablePipelineOptions options)
    implements TableReading {

  private static final Logger LOG = LoggerFactory.getLogger(RefreshedTable.class);

  @Override
  public List<Tuple> read(Schema columns) throws IOException {
    try (StorageClient client =
        new BigQueryServicesImpl().getStorageClient(options.get().as(BigQueryOptions.class))) {
      ReadSession session =
          client.createReadSession(
              CreateReadSessionRequest.newBuilder()
                  .setParent("projects/" + table.project())
                  .setReadSession(
                      ReadSession.newBuilder()
                          .setTable(
                              "projects/%s/datasets/%s/tables/%s"
                                  .formatted(table.project(), table.dataset(), table.table()))
                          .setDataFormat(DataFormat.AVRO)
                          .setReadOptions(
                              ReadSession.TableReadOptions.newBuilder()
                                  .addAllSelectedFields(columns.names())))
                  .setMaxStreamCount(1)
                  .build());
      List<Tuple> rows = new ArrayList<>();
      int refused = 0;
      for (ReadStream stream : session.getStreamsList()) {
        refused += read(client, session, stream, columns, rows);
      }
      if (refused > 0) {
        LOG.warn("{} rows of {} cannot be used and are left out", refused, source);
      }
      return rows;
    }
  }

  /** How many rows could not be used. */
  private static int read(
      StorageClient client,
      ReadSession session,
      ReadStream stream,
      Schema columns,
      List<Tuple> rows)
      throws IOException {
    org.apache.avro.Schema written =
        new org.apache.avro.Schema.Parser().parse(session.getAvroSchema().getSchema());
    AvroRecords.Reader reader = new AvroRecords.Reader(written, columns);
    GenericDatumReader<GenericRecord> datums = new GenericDatumReader<>(written);
    int refused = 0;
    for (ReadRowsResponse response :
        client.readRows(ReadRowsRequest.newBuilder().setReadStream(stream.getName()).build())) {
      BinaryDecoder decoder =
          DecoderFactory.get()
              .binaryDecoder(response.getAvroRows().getSerializedBinaryRows().toByteArray(), null);
      while (!decoder.isEnd()) {
        try {
          rows.add(reader.read(datums.read(null, decoder)));
        } catch (DecodeException e) {
          refused++;
        }
      }
    }
    return refused;
  }
}
