package dev.beamline.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.beamline.gcs.GcsObjects.Stored;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Answers requests of Cloud Storage's JSON API. */
final class GcsApi {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern OBJECT = Pattern.compile("^.*?/b/([^/]+)/o/([^/]+)(/.*)?$");
  private static final Pattern OBJECTS = Pattern.compile("^.*?/b/([^/]+)/o/?$");
  private static final Pattern BUCKET = Pattern.compile("^.*?/b/([^/]+)/?$");
  private static final Pattern OTHER = Pattern.compile("^/(rewriteTo|copyTo)/b/([^/]+)/o/([^/]+)$");
  private static final Pattern RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+|\\*)");

  private final GcsObjects objects;
  private final int port;
  private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

  /** A resumable upload. */
  private record Upload(
      String bucket, String name, String type, Path file, Map<String, String> query) {}

  /** What is asked, from the wire or from inside a batch. */
  private record Request(
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      InputStream body) {}

  /** What is answered. */
  private record Answer(int status, String type, byte[] body, Map<String, String> headers) {
    static Answer of(int status, JsonNode node) {
      return new Answer(
          status,
          "application/json; charset=UTF-8",
          node.toString().getBytes(StandardCharsets.UTF_8),
          Map.of());
    }

    static Answer empty(int status) {
      return new Answer(status, "text/plain", new byte[0], Map.of());
    }
  }

  GcsApi(GcsObjects objects, int port) {
    this.objects = objects;
    this.port = port;
  }

  void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> headers = new LinkedHashMap<>();
      exchange.getRequestHeaders().forEach((k, v) -> headers.put(k.toLowerCase(), v.get(0)));
      InputStream body = exchange.getRequestBody();
      if ("gzip".equals(headers.get("content-encoding"))) {
        body = new GZIPInputStream(body);
      }
      String method =
          headers.getOrDefault("x-http-method-override", exchange.getRequestMethod()).toUpperCase();
      URI uri = exchange.getRequestURI();
      Request request =
          new Request(method, uri.getRawPath(), query(uri.getRawQuery()), headers, body);
      if (streamed(request, exchange)) {
        return;
      }
      Answer answer;
      try {
        answer = answer(request);
      } catch (RuntimeException e) {
        answer = error(500, String.valueOf(e));
      }
      body.readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      boolean empty = answer.body().length == 0 || method.equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), empty ? -1 : answer.body().length);
      if (!empty) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(answer.body());
        }
      }
    }
  }

  /** Content goes out without being held in memory. */
  private boolean streamed(Request request, HttpExchange exchange) throws IOException {
    Matcher object = OBJECT.matcher(request.path());
    if (!request.method().equals("GET")
        || !"media".equals(request.query().get("alt"))
        || !object.matches()) {
      return false;
    }
    Stored stored = objects.get(decode(object.group(1)), decode(object.group(2)));
    if (stored == null) {
      return false;
    }
    long from = 0;
    long to = stored.size() - 1;
    String range = request.headers().get("range");
    if (range != null && range.startsWith("bytes=")) {
      String[] ends = range.substring(6).split("-", 2);
      if (ends[0].isEmpty()) {
        from = Math.max(0, stored.size() - Long.parseLong(ends[1]));
      } else {
        from = Long.parseLong(ends[0]);
        to = ends[1].isEmpty() ? to : Math.min(to, Long.parseLong(ends[1]));
      }
      if (from >= stored.size()) {
        exchange.getResponseHeaders().set("Content-Range", "bytes */" + stored.size());
        exchange.sendResponseHeaders(416, -1);
        return true;
      }
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + to + "/" + stored.size());
    }
    exchange.getResponseHeaders().set("Content-Type", stored.contentType());
    exchange.getResponseHeaders().set("x-goog-generation", String.valueOf(stored.generation()));
    long length = to - from + 1;
    exchange.sendResponseHeaders(range == null ? 200 : 206, length == 0 ? -1 : length);
    if (length > 0) {
      try (InputStream in = Files.newInputStream(stored.file());
          OutputStream out = exchange.getResponseBody()) {
        in.skipNBytes(from);
        byte[] buffer = new byte[1 << 16];
        for (long left = length; left > 0; ) {
          int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
          out.write(buffer, 0, read);
          left -= read;
        }
      }
    }
    return true;
  }

  private Answer answer(Request request) throws IOException {
    String path = request.path();
    if (path.startsWith("/batch")) {
      return batch(request);
    }
    if (request.query().containsKey("upload_id")) {
      return resume(request);
    }
    if (path.contains("/upload/")) {
      return upload(request);
    }
    Matcher object = OBJECT.matcher(path);
    if (object.matches()) {
      return object(request, decode(object.group(1)), decode(object.group(2)), object.group(3));
    }
    Matcher list = OBJECTS.matcher(path);
    if (list.matches() && request.method().equals("GET")) {
      return list(decode(list.group(1)), request.query());
    }
    Matcher bucket = BUCKET.matcher(path);
    if (bucket.matches()) {
      return bucket(decode(bucket.group(1)));
    }
    if (path.endsWith("/b") && request.method().equals("POST")) {
      String name = JSON.readTree(request.body()).path("name").asText();
      objects.makeBucket(name);
      return bucket(name);
    }
    return error(404, "no such address: " + request.method() + " " + path);
  }

  private Answer object(Request request, String bucket, String name, String rest)
      throws IOException {
    Stored stored = objects.get(bucket, name);
    if (request.method().equals("POST") && "/compose".equals(rest)) {
      return compose(request, bucket, name);
    }
    if (stored == null) {
      return error(404, "No such object: " + bucket + "/" + name);
    }
    if (request.method().equals("DELETE")) {
      synchronized (objects) {
        Answer refused = precondition(bucket, name, request.query());
        if (refused == null) {
          objects.delete(bucket, name);
        }
        return refused != null ? refused : Answer.empty(204);
      }
    }
    if (request.method().equals("GET")) {
      return Answer.of(200, describe(stored));
    }
    Matcher other = OTHER.matcher(rest == null ? "" : rest);
    if (request.method().equals("POST") && other.matches()) {
      String toBucket = decode(other.group(2));
      String toName = decode(other.group(3));
      Stored copy;
      synchronized (objects) {
        Answer refused = precondition(toBucket, toName, request.query());
        if (refused != null) {
          return refused;
        }
        copy = objects.put(toBucket, toName, stored.file(), stored.contentType());
      }
      if (other.group(1).equals("copyTo")) {
        return Answer.of(200, describe(copy));
      }
      ObjectNode done = JSON.createObjectNode();
      done.put("kind", "storage#rewriteResponse");
      done.put("done", true);
      done.put("totalBytesRewritten", String.valueOf(copy.size()));
      done.put("objectSize", String.valueOf(copy.size()));
      done.set("resource", describe(copy));
      return Answer.of(200, done);
    }
    return error(405, request.method() + " " + request.path());
  }

  private Answer compose(Request request, String bucket, String name) throws IOException {
    Path file = objects.newFile();
    try (OutputStream out = Files.newOutputStream(file)) {
      for (JsonNode part : JSON.readTree(request.body()).path("sourceObjects")) {
        Stored source = objects.get(bucket, part.path("name").asText());
        if (source == null) {
          return error(404, "No such object: " + part);
        }
        Files.copy(source.file(), out);
      }
    }
    return Answer.of(200, describe(objects.put(bucket, name, file, "application/octet-stream")));
  }

  private Answer list(String bucket, Map<String, String> query) {
    if (!objects.hasBucket(bucket)) {
      return error(404, "The specified bucket does not exist: " + bucket);
    }
    String prefix = query.getOrDefault("prefix", "");
    String delimiter = query.get("delimiter");
    ArrayNode items = JSON.createArrayNode();
    TreeSet<String> folders = new TreeSet<>();
    for (Stored stored : objects.list(bucket, prefix)) {
      int cut =
          delimiter == null || delimiter.isEmpty()
              ? -1
              : stored.name().indexOf(delimiter, prefix.length());
      if (cut >= 0) {
        folders.add(stored.name().substring(0, cut + delimiter.length()));
      } else {
        items.add(describe(stored));
      }
    }
    ObjectNode answer = JSON.createObjectNode();
    answer.put("kind", "storage#objects");
    answer.set("items", items);
    if (!folders.isEmpty()) {
      ArrayNode prefixes = answer.putArray("prefixes");
      folders.forEach(prefixes::add);
    }
    return Answer.of(200, answer);
  }

  private Answer bucket(String name) {
    if (!objects.hasBucket(name)) {
      return error(404, "The specified bucket does not exist: " + name);
    }
    ObjectNode bucket = JSON.createObjectNode();
    bucket.put("kind", "storage#bucket");
    bucket.put("id", name);
    bucket.put("name", name);
    bucket.put("projectNumber", "1");
    bucket.put("location", "EU");
    bucket.put("storageClass", "STANDARD");
    bucket.put("timeCreated", "2026-01-01T00:00:00.000Z");
    bucket.put("updated", "2026-01-01T00:00:00.000Z");
    return Answer.of(200, bucket);
  }

  private Answer upload(Request request) throws IOException {
    Matcher list = OBJECTS.matcher(request.path());
    if (!list.matches()) {
      return error(404, request.path());
    }
    String bucket = decode(list.group(1));
    if (!objects.hasBucket(bucket)) {
      return error(404, "The specified bucket does not exist: " + bucket);
    }
    String kind = request.query().getOrDefault("uploadType", "media");
    if (kind.equals("resumable")) {
      byte[] body = request.body().readAllBytes();
      JsonNode metadata = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
      String name = request.query().getOrDefault("name", metadata.path("name").asText());
      String type =
          metadata
              .path("contentType")
              .asText(
                  request
                      .headers()
                      .getOrDefault("x-upload-content-type", "application/octet-stream"));
      Answer refused = precondition(bucket, name, request.query());
      if (refused != null) {
        return refused;
      }
      String id = UUID.randomUUID().toString();
      Path file = objects.newFile();
      Files.createFile(file);
      uploads.put(id, new Upload(bucket, name, type, file, request.query()));
      String location =
          "http://127.0.0.1:" + port + request.path() + "?uploadType=resumable&upload_id=" + id;
      return new Answer(200, "text/plain", new byte[0], Map.of("Location", location));
    }
    String name = request.query().get("name");
    byte[] content = request.body().readAllBytes();
    String type = request.headers().getOrDefault("content-type", "application/octet-stream");
    if (kind.equals("multipart")) {
      var parts = Multipart.parse(content, type);
      JsonNode metadata = JSON.readTree(parts.get(0).body());
      name = name == null ? metadata.path("name").asText() : name;
      content = parts.get(1).body();
      type = metadata.path("contentType").asText("application/octet-stream");
    }
    synchronized (objects) {
      Answer refused = precondition(bucket, name, request.query());
      return refused != null
          ? refused
          : Answer.of(200, describe(objects.put(bucket, name, content, type)));
    }
  }

  private Answer resume(Request request) throws IOException {
    String id = request.query().get("upload_id");
    Upload upload = uploads.get(id);
    if (upload == null) {
      return error(404, "no such upload");
    }
    Matcher range = RANGE.matcher(request.headers().getOrDefault("content-range", ""));
    try (OutputStream out = Files.newOutputStream(upload.file(), StandardOpenOption.APPEND)) {
      request.body().transferTo(out);
    }
    long size = Files.size(upload.file());
    String told = request.headers().getOrDefault("content-range", "");
    boolean done =
        told.isEmpty()
            || (range.matches()
                ? !range.group(3).equals("*") && size >= Long.parseLong(range.group(3))
                : told.endsWith("/" + size));
    if (!done) {
      return new Answer(
          308,
          "text/plain",
          new byte[0],
          size == 0 ? Map.of() : Map.of("Range", "bytes=0-" + (size - 1)));
    }
    uploads.remove(id);
    synchronized (objects) {
      Answer refused = precondition(upload.bucket(), upload.name(), upload.query());
      return refused != null
          ? refused
          : Answer.of(
              200,
              describe(objects.put(upload.bucket(), upload.name(), upload.file(), upload.type())));
    }
  }

  /**
   * Refuses where the object is not of the generation that the client believes; nobody may change
   * it between this and what the request does.
   */
  private Answer precondition(String bucket, String name, Map<String, String> query) {
    String wanted = query.get("ifGenerationMatch");
    if (wanted == null) {
      return null;
    }
    Stored stored = objects.get(bucket, name);
    long generation = stored == null ? 0 : stored.generation();
    return Long.parseLong(wanted) == generation
        ? null
        : error(412, "generation is " + generation + ", not " + wanted);
  }

  private Answer batch(Request request) throws IOException {
    String type = request.headers().get("content-type");
    String boundary = "batch_answer";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Multipart.Part part : Multipart.parse(request.body().readAllBytes(), type)) {
      String text = new String(part.body(), StandardCharsets.UTF_8);
      int headEnd = text.indexOf("\r\n\r\n");
      String head = headEnd < 0 ? text : text.substring(0, headEnd);
      String body = headEnd < 0 ? "" : text.substring(headEnd + 4);
      String[] line = head.split("\r\n", 2)[0].split(" ");
      URI uri = URI.create(line[1]);
      Answer answer =
          answer(
              new Request(
                  line[0],
                  uri.getRawPath(),
                  query(uri.getRawQuery()),
                  Map.of(),
                  new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))));
      String id = part.headers().getOrDefault("content-id", "");
      out.writeBytes(
          ("--"
                  + boundary
                  + "\r\nContent-Type: application/http\r\nContent-ID: "
                  + id.replaceFirst("<", "<response-")
                  + "\r\n\r\nHTTP/1.1 "
                  + answer.status()
                  + " X\r\nContent-Type: "
                  + answer.type()
                  + "\r\nContent-Length: "
                  + answer.body().length
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.UTF_8));
      out.writeBytes(answer.body());
      out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
    }
    out.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return new Answer(200, "multipart/mixed; boundary=" + boundary, out.toByteArray(), Map.of());
  }

  private static ObjectNode describe(Stored stored) {
    ObjectNode node = JSON.createObjectNode();
    node.put("kind", "storage#object");
    node.put("id", stored.bucket() + "/" + stored.name() + "/" + stored.generation());
    node.put("name", stored.name());
    node.put("bucket", stored.bucket());
    node.put("generation", String.valueOf(stored.generation()));
    node.put("metageneration", "1");
    node.put("contentType", stored.contentType());
    node.put("size", String.valueOf(stored.size()));
    node.put("timeCreated", stored.updated().toString());
    node.put("updated", stored.updated().toString());
    node.put("storageClass", "STANDARD");
    return node;
  }

  private static Answer error(int code, String message) {
    ObjectNode node = JSON.createObjectNode();
    ObjectNode error = node.putObject("error");
    error.put("code", code);
    error.put("message", message);
    error
        .putArray("errors")
        .addObject()
        .put("domain", "global")
        .put("reason", code == 404 ? "notFound" : code == 412 ? "conditionNotMet" : "invalid")
        .put("message", message);
    return Answer.of(code, node);
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new LinkedHashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&")) {
        String[] parts = pair.split("=", 2);
        query.put(decode(parts[0]), parts.length == 1 ? "" : decode(parts[1]));
      }
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
