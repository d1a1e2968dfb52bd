package dev.beamline.gcs;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Cloud Storage's JSON API over HTTP on the loopback: buckets, objects (get with ranges, list,
 * multipart and resumable upload, rewrite, copy, compose, delete), generations and batches. Beam
 * speaks to it with {@code --gcsEndpoint=http://127.0.0.1:PORT/storage/v1} and no credentials.
 */
public final class LocalGcs implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads;
  private final GcsObjects objects;

  private LocalGcs(HttpServer server, ExecutorService threads, GcsObjects objects) {
    this.server = server;
    this.threads = threads;
    this.objects = objects;
  }

  /** Starts on a free port. */
  public static LocalGcs start() throws IOException {
    return start(0);
  }

  /**
   * Starts.
   *
   * @param port 0: a free one
   */
  public static LocalGcs start(int port) throws IOException {
    GcsObjects objects = new GcsObjects(Files.createTempDirectory("local-gcs"));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
    ExecutorService threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "local-gcs");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    GcsApi api = new GcsApi(objects, server.getAddress().getPort());
    server.createContext("/", api::handle);
    server.start();
    return new LocalGcs(server, threads, objects);
  }

  /** {@code LocalGcs [PORT]}: prints the option for Beam and runs until it is killed. */
  public static void main(String[] args) throws IOException {
    LocalGcs gcs = start(args.length == 0 ? 0 : Integer.parseInt(args[0]));
    System.out.println("--gcsEndpoint=" + gcs.endpoint());
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** The value of Beam's option gcsEndpoint. */
  public String endpoint() {
    return "http://127.0.0.1:" + port() + "/storage/v1";
  }

  /** What Beam needs to speak to it. */
  public List<String> options() {
    return List.of(
        "--gcsEndpoint=" + endpoint(),
        "--credentialFactoryClass="
            + "org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory");
  }

  /** Puts an object there, with its bucket. */
  public void put(String bucket, String name, byte[] content) throws IOException {
    objects.makeBucket(bucket);
    objects.put(bucket, name, content, "application/octet-stream");
  }

  /** Puts a text there, with its bucket. */
  public void put(String bucket, String name, String content) throws IOException {
    put(bucket, name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Makes an empty bucket. */
  public void makeBucket(String bucket) {
    objects.makeBucket(bucket);
  }

  /** An object's bytes. */
  public byte[] get(String bucket, String name) throws IOException {
    GcsObjects.Stored stored = objects.get(bucket, name);
    if (stored == null) {
      throw new IOException("no object gs://" + bucket + "/" + name + " in " + list(bucket));
    }
    return Files.readAllBytes(stored.file());
  }

  /** Which writing of an object it is; another one where it was written again. */
  public long generation(String bucket, String name) throws IOException {
    GcsObjects.Stored stored = objects.get(bucket, name);
    if (stored == null) {
      throw new IOException("no object gs://" + bucket + "/" + name + " in " + list(bucket));
    }
    return stored.generation();
  }

  /** Takes an object away. */
  public void delete(String bucket, String name) {
    objects.delete(bucket, name);
  }

  /** The names of a bucket's objects, in order. */
  public List<String> list(String bucket) {
    return objects.list(bucket, "").stream().map(GcsObjects.Stored::name).toList();
  }

  @Override
  public void close() throws IOException {
    server.stop(0);
    threads.shutdownNow();
    objects.close();
  }

  /** The folder that holds the content; for looking at it after a failure. */
  public Path folder() {
    return objects.folder();
  }
}
