package dev.beamline.io.bigquery.server;

import com.google.cloud.bigquery.storage.v1.AppendRowsRequest;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BatchCommitWriteStreamsRequest;
import com.google.cloud.bigquery.storage.v1.BatchCommitWriteStreamsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteGrpc;
import com.google.cloud.bigquery.storage.v1.CreateWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.FinalizeWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.FinalizeWriteStreamResponse;
import com.google.cloud.bigquery.storage.v1.FlushRowsRequest;
import com.google.cloud.bigquery.storage.v1.FlushRowsResponse;
import com.google.cloud.bigquery.storage.v1.GetWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.RowError;
import com.google.cloud.bigquery.storage.v1.StorageError;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Int64Value;
import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;

/** Storage Write. */
final class WriteApi extends BigQueryWriteGrpc.BigQueryWriteImplBase {

  private final Tables tables;
  private final Map<String, OpenStream> streams = new ConcurrentHashMap<>();
  private final ConcurrentSkipListSet<String> types = new ConcurrentSkipListSet<>();
  private final AtomicLong appended = new AtomicLong();
  private final AtomicLong lostAnswers = new AtomicLong();

  /** A stream that a client made. */
  private static final class OpenStream {
    final WriteStream.Type type;
    final StoredTable table;
    final List<Map<String, Object>> rows = new ArrayList<>();
    long visible;
    boolean ended;

    OpenStream(WriteStream.Type type, StoredTable table) {
      this.type = type;
      this.table = table;
    }
  }

  WriteApi(Tables tables) {
    this.tables = tables;
  }

  List<String> streamTypes() {
    return List.copyOf(new TreeSet<>(types));
  }

  /** Has that many appends to streams fail after the rows have come. */
  void loseAnswers(int count) {
    lostAnswers.set(count);
  }

  long appendedRows() {
    return appended.get();
  }

  @Override
  public void createWriteStream(
      CreateWriteStreamRequest request, StreamObserver<WriteStream> observer) {
    answer(
        observer,
        () -> {
          StoredTable table = tables.byPath(request.getParent());
          String name = request.getParent() + "/streams/" + UUID.randomUUID();
          streams.put(name, new OpenStream(request.getWriteStream().getType(), table));
          return describe(name, request.getWriteStream().getType(), table);
        });
  }

  @Override
  public void getWriteStream(GetWriteStreamRequest request, StreamObserver<WriteStream> observer) {
    answer(
        observer,
        () -> {
          String name = request.getName();
          OpenStream stream = streams.get(name);
          if (stream == null && !isDefault(name)) {
            throw ApiException.notFound("stream " + name);
          }
          return describe(
              name, stream == null ? WriteStream.Type.COMMITTED : stream.type, tables.byPath(name));
        });
  }

  private static WriteStream describe(String name, WriteStream.Type type, StoredTable table) {
    return WriteStream.newBuilder()
        .setName(name)
        .setType(type)
        .setCreateTime(Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond()))
        .setLocation("EU")
        .setTableSchema(StorageSchemas.of(table.fields()))
        .build();
  }

  private static boolean isDefault(String name) {
    return name.endsWith("/_default");
  }

  @Override
  public StreamObserver<AppendRowsRequest> appendRows(StreamObserver<AppendRowsResponse> observer) {
    return new StreamObserver<>() {
      private String name = "";
      private ProtoRows decoder;

      @Override
      public void onNext(AppendRowsRequest request) {
        try {
          if (!request.getWriteStream().isEmpty()) {
            name = request.getWriteStream();
          }
          if (request.getProtoRows().hasWriterSchema()) {
            decoder = new ProtoRows(request.getProtoRows().getWriterSchema().getProtoDescriptor());
          }
          observer.onNext(append(name, decoder, request));
        } catch (ApiException e) {
          if (e.code() == 404) {
            observer.onError(status(e));
          } else {
            observer.onNext(failed(Code.INVALID_ARGUMENT, e.getMessage(), null));
          }
        } catch (RuntimeException e) {
          observer.onError(Status.INTERNAL.withDescription(String.valueOf(e)).asException());
        }
      }

      @Override
      public void onError(Throwable error) {
        // The client has gone; what it appended stays as it is.
      }

      @Override
      public void onCompleted() {
        observer.onCompleted();
      }
    };
  }

  private AppendRowsResponse append(String name, ProtoRows decoder, AppendRowsRequest request) {
    OpenStream stream = streams.get(name);
    if (stream == null && !isDefault(name)) {
      throw ApiException.notFound("stream " + name);
    }
    StoredTable table = stream == null ? tables.byPath(name) : stream.table;
    types.add(stream == null ? "DEFAULT" : stream.type.name());
    List<Field> fields = table.fields();
    decoder.check(fields);
    if (decoder.hasChangeType() && table.primaryKey().isEmpty()) {
      throw ApiException.invalid("changes need a table with a primary key");
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    AppendRowsResponse.Builder refused = AppendRowsResponse.newBuilder();
    for (ByteString bytes : request.getProtoRows().getRows().getSerializedRowsList()) {
      String problem;
      try {
        Map<String, Object> row = decoder.read(fields, bytes);
        problem = row.get(ProtoRows.CHANGE_TYPE) == null ? table.problem(row) : keyProblem(row);
        if (problem == null && row.containsKey(ProtoRows.CHANGE_TYPE)) {
          problem = "DELETE".equals(row.get(ProtoRows.CHANGE_TYPE)) ? null : table.problem(row);
        }
        rows.add(row);
      } catch (ApiException e) {
        problem = e.getMessage();
        rows.add(Map.of());
      }
      if (problem != null) {
        refused.addRowErrors(
            RowError.newBuilder()
                .setIndex(rows.size() - 1)
                .setCode(RowError.RowErrorCode.FIELDS_ERROR)
                .setMessage(problem));
      }
    }
    if (refused.getRowErrorsCount() > 0) {
      return refused
          .setWriteStream(name)
          .setError(
              com.google.rpc.Status.newBuilder()
                  .setCode(Code.INVALID_ARGUMENT_VALUE)
                  .setMessage("Errors found while processing rows."))
          .build();
    }
    if (stream == null) {
      if (request.hasOffset()) {
        throw ApiException.invalid("Offset is not supported on the default stream");
      }
      rows.forEach(row -> commit(table, row));
      appended.addAndGet(rows.size());
      return AppendRowsResponse.newBuilder()
          .setWriteStream(name)
          .setAppendResult(AppendRowsResponse.AppendResult.getDefaultInstance())
          .build();
    }
    synchronized (stream) {
      if (stream.ended) {
        return failed(
            Code.INVALID_ARGUMENT,
            "Stream has been finalized: " + name,
            StorageError.StorageErrorCode.STREAM_FINALIZED);
      }
      long offset = stream.rows.size();
      if (request.hasOffset() && request.getOffset().getValue() != offset) {
        boolean before = request.getOffset().getValue() < offset;
        return failed(
            before ? Code.ALREADY_EXISTS : Code.OUT_OF_RANGE,
            "The offset is "
                + (before ? "within" : "beyond")
                + " stream, expected offset "
                + offset
                + ", received "
                + request.getOffset().getValue(),
            before
                ? StorageError.StorageErrorCode.OFFSET_ALREADY_EXISTS
                : StorageError.StorageErrorCode.OFFSET_OUT_OF_RANGE);
      }
      stream.rows.addAll(rows);
      appended.addAndGet(rows.size());
      if (lostAnswers.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        return failed(Code.ABORTED, "the rows are in the stream, but nobody hears of it", null);
      }
      if (stream.type == WriteStream.Type.COMMITTED) {
        show(stream, stream.rows.size());
      }
      return AppendRowsResponse.newBuilder()
          .setWriteStream(name)
          .setAppendResult(
              AppendRowsResponse.AppendResult.newBuilder().setOffset(Int64Value.of(offset)))
          .build();
    }
  }

  private static String keyProblem(Map<String, Object> row) {
    Object type = row.get(ProtoRows.CHANGE_TYPE);
    if (!"UPSERT".equals(type) && !"DELETE".equals(type)) {
      return "_CHANGE_TYPE is " + type + ", neither UPSERT nor DELETE";
    }
    Object sequence = row.get(ProtoRows.SEQUENCE);
    return sequence == null
            || sequence.toString().matches("[0-9A-Fa-f]{1,16}(/[0-9A-Fa-f]{1,16}){0,3}")
        ? null
        : "_CHANGE_SEQUENCE_NUMBER is " + sequence;
  }

  private static void commit(StoredTable table, Map<String, Object> row) {
    Object type = row.remove(ProtoRows.CHANGE_TYPE);
    Object sequence = row.remove(ProtoRows.SEQUENCE);
    if (type == null) {
      table.append(row);
      return;
    }
    List<Long> parts = new ArrayList<>();
    for (String part : (sequence == null ? "0" : sequence.toString()).split("/")) {
      parts.add(Long.parseUnsignedLong(part, 16));
    }
    table.change(row, type.toString(), parts);
  }

  /** Makes the stream's rows before that offset visible. */
  private static void show(OpenStream stream, long to) {
    while (stream.visible < to) {
      stream.table.append(stream.rows.get((int) stream.visible));
      stream.visible++;
    }
  }

  @Override
  public void finalizeWriteStream(
      FinalizeWriteStreamRequest request, StreamObserver<FinalizeWriteStreamResponse> observer) {
    answer(
        observer,
        () -> {
          OpenStream stream = need(request.getName());
          synchronized (stream) {
            stream.ended = true;
            return FinalizeWriteStreamResponse.newBuilder().setRowCount(stream.rows.size()).build();
          }
        });
  }

  @Override
  public void batchCommitWriteStreams(
      BatchCommitWriteStreamsRequest request,
      StreamObserver<BatchCommitWriteStreamsResponse> observer) {
    answer(
        observer,
        () -> {
          BatchCommitWriteStreamsResponse.Builder response =
              BatchCommitWriteStreamsResponse.newBuilder();
          for (String name : request.getWriteStreamsList()) {
            OpenStream stream = need(name);
            synchronized (stream) {
              if (stream.type != WriteStream.Type.PENDING || stream.visible > 0 || !stream.ended) {
                response.addStreamErrors(
                    StorageError.newBuilder()
                        .setCode(
                            stream.ended
                                ? StorageError.StorageErrorCode.STREAM_ALREADY_COMMITTED
                                : StorageError.StorageErrorCode.INVALID_STREAM_STATE)
                        .setEntity(name));
              }
            }
          }
          if (response.getStreamErrorsCount() == 0) {
            for (String name : request.getWriteStreamsList()) {
              OpenStream stream = need(name);
              synchronized (stream) {
                show(stream, stream.rows.size());
              }
            }
            response.setCommitTime(
                Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond()));
          }
          return response.build();
        });
  }

  @Override
  public void flushRows(FlushRowsRequest request, StreamObserver<FlushRowsResponse> observer) {
    try {
      OpenStream stream = need(request.getWriteStream());
      long offset = request.getOffset().getValue();
      if (stream.type != WriteStream.Type.BUFFERED) {
        throw ApiException.invalid("only buffered streams are flushed");
      }
      synchronized (stream) {
        if (offset >= stream.rows.size()) {
          observer.onError(
              Status.OUT_OF_RANGE.withDescription("flush beyond the end: " + offset).asException());
          return;
        }
        if (offset < stream.visible) {
          observer.onError(
              Status.ALREADY_EXISTS.withDescription("flushed already: " + offset).asException());
          return;
        }
        show(stream, offset + 1);
      }
      observer.onNext(FlushRowsResponse.newBuilder().setOffset(offset).build());
      observer.onCompleted();
    } catch (ApiException e) {
      observer.onError(status(e));
    }
  }

  private OpenStream need(String name) {
    OpenStream stream = streams.get(name);
    if (stream == null) {
      throw ApiException.notFound("stream " + name);
    }
    return stream;
  }

  private static AppendRowsResponse failed(
      Code code, String message, StorageError.StorageErrorCode detail) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder().setCode(code.getNumber()).setMessage(message);
    if (detail != null) {
      status.addDetails(
          Any.pack(StorageError.newBuilder().setCode(detail).setErrorMessage(message).build()));
    }
    return AppendRowsResponse.newBuilder().setError(status).build();
  }

  interface Call<T> {
    T make();
  }

  static <T> void answer(StreamObserver<T> observer, Call<T> call) {
    T answer;
    try {
      answer = call.make();
    } catch (ApiException e) {
      observer.onError(status(e));
      return;
    } catch (RuntimeException e) {
      // Clients try again for minutes: whoever waits for them is to see why.
      e.printStackTrace();
      observer.onError(Status.INTERNAL.withDescription(String.valueOf(e)).asException());
      return;
    }
    observer.onNext(answer);
    observer.onCompleted();
  }

  static Exception status(ApiException e) {
    Status status =
        switch (e.code()) {
          case 404 -> Status.NOT_FOUND;
          case 409 -> Status.ALREADY_EXISTS;
          default -> Status.INVALID_ARGUMENT;
        };
    return status.withDescription(e.getMessage()).asException();
  }
}
