package dev.beamline.io.bigquery.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * BigQuery on one port of the loopback: what begins with the first byte of TLS is gRPC (Storage
 * Write and Read), all else HTTP (REST). Beam speaks to it with {@code
 * --bigQueryEndpoint=http://127.0.0.1:PORT}, once the JVM trusts {@link #trustStore}.
 */
public final class LocalBigQuery implements AutoCloseable {

  private final Tables tables;
  private final RestApi rest;
  private final HttpServer http;
  private final Server grpc;
  private final PortSplitter splitter;
  private final ExecutorService threads;
  private final WriteApi writes;
  private final ReadApi reads;

  private LocalBigQuery(
      Tables tables,
      RestApi rest,
      HttpServer http,
      Server grpc,
      PortSplitter splitter,
      ExecutorService threads,
      WriteApi writes,
      ReadApi reads) {
    this.tables = tables;
    this.rest = rest;
    this.http = http;
    this.grpc = grpc;
    this.splitter = splitter;
    this.threads = threads;
    this.writes = writes;
    this.reads = reads;
  }

  /** Starts on a free port. */
  public static LocalBigQuery start() throws IOException {
    return start(0);
  }

  /**
   * Starts, and has this JVM trust it.
   *
   * @param port 0: a free one
   */
  public static LocalBigQuery start(int port) throws IOException {
    TlsIdentity identity = TlsIdentity.ofThisJvm();
    identity.trust();
    forgetConverters();
    ExecutorService threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "local-bigquery");
              thread.setDaemon(true);
              return thread;
            });
    Tables tables = new Tables();
    WriteApi writes = new WriteApi(tables);
    ReadApi reads = new ReadApi(tables);
    Server grpc =
        Grpc.newServerBuilderForPort(
                0, TlsServerCredentials.newBuilder().keyManager(identity.keyManagers()).build())
            .addService(writes)
            .addService(reads)
            .permitKeepAliveWithoutCalls(true)
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .maxInboundMessageSize(32 << 20)
            .executor(threads)
            .build()
            .start();
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    HttpServer http = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    http.setExecutor(threads);
    RestApi rest = new RestApi(tables);
    http.createContext("/", rest::handle);
    http.start();
    PortSplitter splitter =
        PortSplitter.start(port, grpc.getPort(), http.getAddress().getPort(), threads);
    return new LocalBigQuery(tables, rest, http, grpc, splitter, threads, writes, reads);
  }

  /**
   * Beam keeps how rows are written for all pipelines of a process, by the names of step and table,
   * and in a process with many servers a name means another table each time.
   */
  private static void forgetConverters() {
    try {
      Method clear =
          Class.forName("org.apache.beam.sdk.io.gcp.bigquery.TwoLevelMessageConverterCache")
              .getDeclaredMethod("clear");
      clear.setAccessible(true);
      clear.invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Beam keeps converters elsewhere now", e);
    }
  }

  /**
   * {@code LocalBigQuery PORT [PROJECT.DATASET...]}: makes the datasets, prints the options that a
   * client needs, and runs until it is killed.
   */
  public static void main(String[] args) throws IOException {
    LocalBigQuery server = start(args.length == 0 ? 0 : Integer.parseInt(args[0]));
    for (int i = 1; i < args.length; i++) {
      String[] name = args[i].split("\\.");
      server.makeDataset(name[0], name[1]);
    }
    System.out.println(String.join(" ", server.jvmOptions()));
    System.out.println(String.join(" ", server.options()));
  }

  public int port() {
    return splitter.port();
  }

  /** The value of Beam's option bigQueryEndpoint. */
  public String endpoint() {
    return "http://127.0.0.1:" + port();
  }

  /** Beam's options to speak to it of a project. */
  public PipelineOptions pipelineOptions(String project) {
    List<String> arguments = new ArrayList<>(options());
    arguments.add("--project=" + project);
    return PipelineOptionsFactory.fromArgs(arguments.toArray(String[]::new)).create();
  }

  /** What Beam needs to speak to it. */
  public List<String> options() {
    return List.of(
        "--bigQueryEndpoint=" + endpoint(),
        "--credentialFactoryClass="
            + "org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory");
  }

  /** What another JVM needs to trust it. */
  public List<String> jvmOptions() throws IOException {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + trustStore(),
        "-Djavax.net.ssl.trustStorePassword=" + TlsIdentity.PASSWORD);
  }

  /** A PKCS12 file with the server's certificate. */
  public Path trustStore() throws IOException {
    return TlsIdentity.ofThisJvm().trustStore();
  }

  /** Load jobs read objects of gs:// there; as Beam's option gcsEndpoint. */
  public void useStorage(String endpoint) {
    rest.useStorage(endpoint);
  }

  public void makeDataset(String project, String dataset) {
    tables.makeDataset(project, dataset);
  }

  /** Makes a table of a resource as REST's tables.insert takes it. */
  public void makeTable(String project, String dataset, ObjectNode resource) {
    tables.makeDataset(project, dataset);
    tables.insert(project, dataset, resource);
  }

  /** Appends rows; values as REST's insertAll takes them. */
  public void append(String project, String dataset, String table, List<ObjectNode> rows) {
    StoredTable to = tables.need(project, dataset, table);
    for (ObjectNode row : rows) {
      to.append(JsonRows.read(to.fields(), row));
    }
  }

  public boolean hasTable(String project, String dataset, String table) {
    return tables.find(project, dataset, table) != null;
  }

  /** The names of a dataset's tables and views, sorted. */
  public List<String> tables(String project, String dataset) {
    return tables.list(project, dataset).stream()
        .map(table -> table.resource().path("tableReference").path("tableId").asText())
        .sorted()
        .toList();
  }

  /** The table's resource, as REST gives it. */
  public ObjectNode table(String project, String dataset, String table) {
    return tables.need(project, dataset, table).resource();
  }

  /**
   * The rows that a query would see now, in the order of arrival. INT64 is a Long, FLOAT64 a
   * Double, NUMERIC a BigDecimal, BYTES a ByteString, TIMESTAMP a Long of microseconds, DATE,
   * DATETIME, TIME and JSON texts, arrays lists, structs maps.
   */
  public List<Map<String, Object>> rows(String project, String dataset, String table) {
    StoredTable found = tables.need(project, dataset, table);
    return found.resource().has("view")
        ? new TableSql(tables)
            .rows(found.resource().path("view").path("query").asText(), project)
            .rows()
        : found.rows();
  }

  /** Has the server refuse rows of a table, as it does for values that break its rules. */
  public void refuseRows(
      String project, String dataset, String table, Predicate<Map<String, Object>> which) {
    tables.need(project, dataset, table).refuse(which);
  }

  /** The ways in which rows came: the types of the streams that were appended to. */
  public List<String> streamTypes() {
    return writes.streamTypes();
  }

  /** The read sessions that were made: table, columns and row restriction. */
  public List<String> readSessions() {
    return reads.sessions();
  }

  /** Has that many appends to streams fail in sight of the client, after the rows have come. */
  public void loseAnswers(int count) {
    writes.loseAnswers(count);
  }

  /** Appends that came so far; rows of buffered streams count when they come. */
  public long appendedRows() {
    return writes.appendedRows();
  }

  @Override
  public void close() {
    splitter.close();
    http.stop(0);
    grpc.shutdownNow();
    threads.shutdownNow();
  }
}
