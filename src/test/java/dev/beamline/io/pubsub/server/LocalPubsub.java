package dev.beamline.io.pubsub.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/**
 * Pub/Sub's REST on the loopback: topics, subscriptions, publish, pull, acknowledge,
 * modifyAckDeadline. What is not acknowledged in time comes again. Beam speaks to it with {@code
 * --pubsubRootUrl}.
 */
public final class LocalPubsub implements PubsubService {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final Map<String, List<String>> topics = new TreeMap<>();
  private final Map<String, Subscription> subscriptions = new TreeMap<>();
  private long lastId;

  /** Messages by id, with the time until which somebody has them. */
  private static final class Subscription {
    final String topic;
    final int seconds;
    final Map<String, ObjectNode> messages = new LinkedHashMap<>();
    final Map<String, Long> leases = new TreeMap<>();
    long acknowledged;

    Subscription(String topic, int seconds) {
      this.topic = topic;
      this.seconds = seconds;
    }
  }

  private LocalPubsub(HttpServer server) {
    this.server = server;
  }

  /** Starts on a free port. */
  public static LocalPubsub start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "local-pubsub");
              thread.setDaemon(true);
              return thread;
            }));
    LocalPubsub pubsub = new LocalPubsub(server);
    server.createContext("/", pubsub::handle);
    server.start();
    return pubsub;
  }

  @Override
  public String rootUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** How many messages of a subscription were dealt with for good. */
  public synchronized long acknowledged(String subscription) {
    return subscriptions.get(subscription).acknowledged;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      InputStream in = exchange.getRequestBody();
      if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
        in = new GZIPInputStream(in);
      }
      byte[] content = in.readAllBytes();
      JsonNode body = content.length == 0 ? JSON.createObjectNode() : JSON.readTree(content);
      String path = exchange.getRequestURI().getPath().replaceFirst("^/v1/", "");
      JsonNode answer = answer(exchange.getRequestMethod(), path, body);
      int status = 200;
      if (answer == null) {
        status = 404;
        ObjectNode error = JSON.createObjectNode();
        error
            .putObject("error")
            .put("code", 404)
            .put("message", "Resource not found: " + path)
            .put("status", "NOT_FOUND");
        answer = error;
      }
      byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    }
  }

  /** Null: there is no such thing. */
  private synchronized JsonNode answer(String method, String path, JsonNode body) {
    int colon = path.lastIndexOf(':');
    String name = colon < 0 ? path : path.substring(0, colon);
    String verb = colon < 0 ? method : path.substring(colon + 1);
    if (path.matches("projects/[^/]+/topics") || path.matches("projects/[^/]+/subscriptions")) {
      return list(path);
    }
    return name.contains("/topics/") ? topic(name, verb, body) : subscription(name, verb, body);
  }

  private JsonNode list(String path) {
    ObjectNode answer = JSON.createObjectNode();
    boolean ofTopics = path.endsWith("/topics");
    ArrayNode names = answer.putArray(ofTopics ? "topics" : "subscriptions");
    for (String name : ofTopics ? topics.keySet() : subscriptions.keySet()) {
      if (name.startsWith(path + "/")) {
        names.addObject().put("name", name);
      }
    }
    return answer;
  }

  private JsonNode topic(String name, String verb, JsonNode body) {
    if (verb.equals("PUT")) {
      topics.putIfAbsent(name, new ArrayList<>());
    }
    if (!topics.containsKey(name)) {
      return null;
    }
    ObjectNode answer = JSON.createObjectNode();
    if (verb.equals("publish")) {
      ArrayNode ids = answer.putArray("messageIds");
      for (JsonNode message : body.path("messages")) {
        String id = String.valueOf(++lastId);
        ObjectNode stored = message.deepCopy();
        stored.put("messageId", id);
        stored.put("publishTime", Instant.now().toString());
        for (String subscription : topics.get(name)) {
          subscriptions.get(subscription).messages.put(id, stored);
        }
        ids.add(id);
      }
      return answer;
    }
    if (verb.equals("DELETE")) {
      topics.remove(name);
      return answer;
    }
    return answer.put("name", name);
  }

  private JsonNode subscription(String name, String verb, JsonNode body) {
    if (verb.equals("PUT")) {
      String topic = body.path("topic").asText();
      if (!topics.containsKey(topic)) {
        return null;
      }
      topics.get(topic).add(name);
      subscriptions.put(name, new Subscription(topic, body.path("ackDeadlineSeconds").asInt(10)));
    }
    Subscription subscription = subscriptions.get(name);
    if (subscription == null) {
      return null;
    }
    ObjectNode answer = JSON.createObjectNode();
    long now = System.currentTimeMillis();
    switch (verb) {
      case "pull" -> {
        ArrayNode received = answer.putArray("receivedMessages");
        int most = body.path("maxMessages").asInt(100);
        for (Map.Entry<String, ObjectNode> message : subscription.messages.entrySet()) {
          if (received.size() >= most) {
            break;
          }
          if (subscription.leases.getOrDefault(message.getKey(), 0L) <= now) {
            subscription.leases.put(message.getKey(), now + subscription.seconds * 1000L);
            received
                .addObject()
                .put("ackId", "ack-" + message.getKey())
                .set("message", message.getValue());
          }
        }
      }
      case "acknowledge" -> {
        for (JsonNode id : body.path("ackIds")) {
          String message = id.asText().substring("ack-".length());
          if (subscription.messages.remove(message) != null) {
            subscription.acknowledged++;
          }
          subscription.leases.remove(message);
        }
      }
      case "modifyAckDeadline" -> {
        for (JsonNode id : body.path("ackIds")) {
          subscription.leases.put(
              id.asText().substring("ack-".length()),
              now + body.path("ackDeadlineSeconds").asInt() * 1000L);
        }
      }
      case "DELETE" -> {
        topics.values().forEach(names -> names.remove(name));
        subscriptions.remove(name);
      }
      default ->
          answer
              .put("name", name)
              .put("topic", subscription.topic)
              .put("ackDeadlineSeconds", subscription.seconds);
    }
    return answer;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
