package dev.beamline.io.bigquery;

import com.google.cloud.bigquery.storage.v1.AppendRowsRequest.MissingValueInterpretation;
import com.google.cloud.bigquery.storage.v1.Exceptions;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import dev.beamline.io.Backoff;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.StreamAppendClient;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.WriteStreamService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts rows into a buffered stream of a table, where no reader sees them until they are shown.
 * Whatever goes wrong on the way, what may or may not have arrived is left unseen for good: the
 * rows are put into a new stream.
 */
final class StagingStream implements AutoCloseable {

  /** Storage Write takes requests of up to 10 MB, of which rows are not all. */
  static final int MOST_BYTES = 9_500_000;

  private static final Logger LOG = LoggerFactory.getLogger(StagingStream.class);

  private final TableId table;
  private final DescriptorProto descriptor;
  private final WriteStreamService service;
  private String name = "";
  private @Nullable StreamAppendClient client;
  private long next;

  StagingStream(TableId table, DescriptorProto descriptor, WriteStreamService service) {
    this.table = table;
    this.descriptor = descriptor;
    this.service = service;
  }

  /**
   * What became of rows.
   *
   * @param stream that has those which were not refused
   * @param last the offset there of the last one, -1 where all were refused
   * @param refused the reason by the index of the row
   */
  record Staged(String stream, long last, Map<Integer, String> refused) {}

  /**
   * Puts rows into the stream, in their order.
   *
   * @throws IOException where BigQuery cannot be brought to take them
   */
  Staged stage(List<ByteString> rows) throws IOException, InterruptedException {
    Map<Integer, String> refused = new LinkedHashMap<>();
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).size() > MOST_BYTES) {
        refused.put(
            i, "a row of " + rows.get(i).size() + " bytes: Storage Write takes at most 10 MB");
      } else {
        open.add(i);
      }
    }
    Backoff backoff = new Backoff();
    while (true) {
      try {
        return stage(rows, open, refused);
      } catch (IOException e) {
        close();
        if (!backoff.again()) {
          throw new IOException("BigQuery does not take rows of " + table + ": " + text(e), e);
        }
      }
    }
  }

  private Staged stage(List<ByteString> rows, List<Integer> open, Map<Integer, String> refused)
      throws IOException, InterruptedException {
    boolean any = false;
    int from = 0;
    while (from < open.size()) {
      int to = from;
      long bytes = 0;
      ProtoRows.Builder request = ProtoRows.newBuilder();
      while (to < open.size() && bytes + rows.get(open.get(to)).size() <= MOST_BYTES) {
        ByteString row = rows.get(open.get(to));
        // Two bytes and more say what follows.
        bytes += row.size() + 8;
        request.addSerializedRows(row);
        to++;
      }
      Map<Integer, String> bad = append(request.build());
      if (bad.isEmpty()) {
        next += to - from;
        from = to;
        any = true;
      } else {
        // Nothing of a request with a refused row is in the stream.
        List<Integer> gone = new ArrayList<>();
        for (Map.Entry<Integer, String> entry : bad.entrySet()) {
          Integer row = open.get(from + entry.getKey());
          refused.put(row, entry.getValue());
          gone.add(row);
        }
        open.removeAll(gone);
      }
    }
    return new Staged(name, any ? next - 1 : -1, refused);
  }

  /** The reasons by the index of a refused row; empty: all are in the stream. */
  private Map<Integer, String> append(ProtoRows rows) throws IOException, InterruptedException {
    try {
      StreamAppendClient to = client;
      if (to == null) {
        name = service.createWriteStream(path(), WriteStream.Type.BUFFERED).getName();
        next = 0;
        to =
            service.getStreamAppendClient(
                name, descriptor, false, MissingValueInterpretation.NULL_VALUE);
        client = to;
      }
      to.appendRows(next, rows).get();
      return Map.of();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exceptions.AppendSerializationError refusal
          && !refusal.getRowIndexToErrorMessage().isEmpty()) {
        return refusal.getRowIndexToErrorMessage();
      }
      throw new IOException(text(e.getCause() == null ? e : e.getCause()), e);
    } catch (InterruptedException | IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(text(e), e);
    }
  }

  private static String text(Throwable e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private String path() {
    return "projects/"
        + table.project()
        + "/datasets/"
        + table.dataset()
        + "/tables/"
        + table.table();
  }

  /** The next rows go into another stream. */
  @Override
  public void close() {
    StreamAppendClient open = client;
    client = null;
    if (open != null) {
      try {
        open.close();
      } catch (Exception e) {
        // What was not confirmed is not shown, whatever became of the connection.
        LOG.debug("a connection to {} does not close", table, e);
      }
    }
  }
}
