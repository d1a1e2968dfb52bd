package dev.beamline.io.bigquery.server;

import com.google.cloud.bigquery.storage.v1.AvroSchema;
import com.google.cloud.bigquery.storage.v1.BigQueryReadGrpc;
import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import com.google.cloud.bigquery.storage.v1.DataFormat;
import com.google.cloud.bigquery.storage.v1.ReadRowsRequest;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.cloud.bigquery.storage.v1.ReadStream;
import com.google.cloud.bigquery.storage.v1.SplitReadStreamRequest;
import com.google.cloud.bigquery.storage.v1.SplitReadStreamResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Storage Read, in Avro. A session sees the table as it was when the session was made. */
final class ReadApi extends BigQueryReadGrpc.BigQueryReadImplBase {

  private static final int ROWS_A_MESSAGE = 100;

  private final Tables tables;
  private final Map<String, Part> parts = new ConcurrentHashMap<>();
  private final List<String> sessions = new CopyOnWriteArrayList<>();

  /** What a stream gives. */
  private record Part(List<Field> fields, List<Map<String, Object>> rows) {}

  ReadApi(Tables tables) {
    this.tables = tables;
  }

  List<String> sessions() {
    return List.copyOf(sessions);
  }

  @Override
  public void createReadSession(
      CreateReadSessionRequest request, StreamObserver<ReadSession> observer) {
    WriteApi.answer(
        observer,
        () -> {
          ReadSession wanted = request.getReadSession();
          if (wanted.getDataFormat() != DataFormat.AVRO) {
            throw ApiException.invalid("only AVRO is spoken here");
          }
          StoredTable table = tables.byPath(wanted.getTable());
          List<String> columns = wanted.getReadOptions().getSelectedFieldsList();
          String restriction = wanted.getReadOptions().getRowRestriction();
          sessions.add(table.qualifiedName() + " " + columns + " " + restriction);
          List<Field> fields =
              columns.isEmpty()
                  ? table.fields()
                  : table.fields().stream()
                      .filter(f -> columns.stream().anyMatch(f.name()::equalsIgnoreCase))
                      .toList();
          List<Map<String, Object>> rows =
              restriction.isBlank()
                  ? table.rows()
                  : new TableSql(tables).filter(table, restriction);
          String name = "projects/p/locations/eu/sessions/" + UUID.randomUUID();
          int count = Math.max(1, Math.min(request.getMaxStreamCount(), 2));
          ReadSession.Builder session =
              wanted.toBuilder()
                  .setName(name)
                  .setEstimatedRowCount(rows.size())
                  .setEstimatedTotalBytesScanned(100L * rows.size())
                  .setAvroSchema(
                      AvroSchema.newBuilder().setSchema(AvroRows.schema(fields).toString()));
          for (int i = 0; i < count && !rows.isEmpty(); i++) {
            String stream = name + "/streams/" + i;
            List<Map<String, Object>> part = new ArrayList<>();
            for (int r = i; r < rows.size(); r += count) {
              part.add(rows.get(r));
            }
            parts.put(stream, new Part(fields, part));
            session.addStreams(ReadStream.newBuilder().setName(stream));
          }
          return session.build();
        });
  }

  @Override
  public void readRows(ReadRowsRequest request, StreamObserver<ReadRowsResponse> observer) {
    Part part = parts.get(request.getReadStream());
    if (part == null) {
      observer.onError(WriteApi.status(ApiException.notFound(request.getReadStream())));
      return;
    }
    List<Map<String, Object>> rows = part.rows();
    for (int from = (int) request.getOffset(); from < rows.size(); from += ROWS_A_MESSAGE) {
      List<Map<String, Object>> some =
          rows.subList(from, Math.min(rows.size(), from + ROWS_A_MESSAGE));
      observer.onNext(
          ReadRowsResponse.newBuilder()
              .setAvroRows(
                  com.google.cloud.bigquery.storage.v1.AvroRows.newBuilder()
                      .setSerializedBinaryRows(AvroRows.encode(part.fields(), some)))
              .setRowCount(some.size())
              .build());
    }
    observer.onCompleted();
  }

  @Override
  public void splitReadStream(
      SplitReadStreamRequest request, StreamObserver<SplitReadStreamResponse> observer) {
    WriteApi.answer(observer, SplitReadStreamResponse::getDefaultInstance);
  }
}
