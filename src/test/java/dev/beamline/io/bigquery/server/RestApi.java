package dev.beamline.io.bigquery.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.beamline.gcs.Multipart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** BigQuery's REST: datasets, tables, views, tabledata and jobs. */
final class RestApi {

  static final ObjectMapper JSON = new ObjectMapper();

  private final Tables tables;
  private final Jobs jobs;

  RestApi(Tables tables) {
    this.tables = tables;
    this.jobs = new Jobs(tables);
  }

  void useStorage(String endpoint) {
    jobs.useStorage(endpoint);
  }

  void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      int status = 200;
      JsonNode answer;
      try {
        answer = answer(exchange);
      } catch (ApiException e) {
        status = e.code();
        answer = error(e.code(), e.reason(), e.getMessage());
      } catch (RuntimeException e) {
        status = 500;
        answer = error(500, "backendError", String.valueOf(e));
      }
      byte[] body =
          answer == null ? new byte[0] : answer.toString().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
      exchange.sendResponseHeaders(
          answer == null ? 204 : status, body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(body);
        }
      }
    }
  }

  private static ObjectNode error(int code, String reason, String message) {
    ObjectNode node = JSON.createObjectNode();
    ObjectNode error = node.putObject("error");
    error.put("code", code).put("message", message);
    error
        .put("status", reason)
        .putArray("errors")
        .addObject()
        .put("message", message)
        .put("domain", "global")
        .put("reason", reason);
    return node;
  }

  private JsonNode answer(HttpExchange exchange) throws IOException {
    String override = exchange.getRequestHeaders().getFirst("X-HTTP-Method-Override");
    String method = override == null ? exchange.getRequestMethod() : override;
    String path = exchange.getRequestURI().getRawPath();
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    InputStream in = exchange.getRequestBody();
    if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
      in = new GZIPInputStream(in);
    }
    byte[] content = in.readAllBytes();
    byte[] data = null;
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (type != null && type.startsWith("multipart/")) {
      List<Multipart.Part> parts = Multipart.parse(content, type);
      content = parts.get(0).body();
      data = parts.get(1).body();
    }
    JsonNode body = content.length == 0 ? JSON.createObjectNode() : JSON.readTree(content);
    int at = path.indexOf("/projects/");
    if (at < 0) {
      throw ApiException.notFound(path);
    }
    String[] p = path.substring(at + 1).split("/");
    for (int i = 0; i < p.length; i++) {
      p[i] = URLDecoder.decode(p[i].replace("+", "%2B"), StandardCharsets.UTF_8);
    }
    String project = p[1];
    String kind = p.length > 2 ? p[2] : "";
    if (kind.equals("datasets")) {
      return p.length <= 4
          ? datasets(method, project, p.length == 4 ? p[3] : null, body)
          : tables(method, project, p, body, query);
    }
    if (kind.equals("jobs")) {
      return method.equals("POST") && p.length == 3
          ? jobs.insert(project, (ObjectNode) body, data)
          : jobs.get(p[3]);
    }
    if (kind.equals("queries")) {
      return p.length == 3 ? jobs.query(project, (ObjectNode) body) : jobs.results(p[3], query);
    }
    throw ApiException.notFound(method + " " + path);
  }

  private JsonNode datasets(String method, String project, String dataset, JsonNode body) {
    if (dataset == null) {
      if (method.equals("POST")) {
        tables.insertDataset(project, (ObjectNode) body);
        return body;
      }
      ObjectNode list = JSON.createObjectNode();
      ArrayNode found = list.putArray("datasets");
      tables.datasets(project).forEach(found::add);
      return list;
    }
    if (method.equals("DELETE")) {
      tables.deleteDataset(project, dataset);
      return null;
    }
    if (method.equals("PATCH")) {
      tables.dataset(project, dataset).setAll((ObjectNode) body);
    }
    ObjectNode found = tables.dataset(project, dataset).deepCopy();
    found.put("location", found.path("location").asText("EU"));
    return found;
  }

  private JsonNode tables(
      String method, String project, String[] p, JsonNode body, Map<String, String> query) {
    String dataset = p[3];
    if (!p[4].equals("tables")) {
      throw ApiException.notFound(String.join("/", p));
    }
    if (p.length == 5) {
      if (method.equals("POST")) {
        return tables.insert(project, dataset, (ObjectNode) body).resource();
      }
      ObjectNode list = JSON.createObjectNode();
      ArrayNode found = list.putArray("tables");
      tables.list(project, dataset).forEach(table -> found.add(table.resource()));
      list.put("totalItems", found.size());
      return list;
    }
    StoredTable table = tables.need(project, dataset, p[5]);
    if (p.length == 6) {
      switch (method) {
        case "DELETE" -> {
          tables.delete(project, dataset, p[5]);
          return null;
        }
        case "PATCH", "PUT" -> {
          table.patch((ObjectNode) body);
          return table.resource();
        }
        default -> {
          return table.resource();
        }
      }
    }
    if (p[6].equals("insertAll")) {
      return insertAll(table, body);
    }
    if (p[6].equals("data")) {
      return data(table, query);
    }
    throw ApiException.notFound(String.join("/", p));
  }

  private static JsonNode insertAll(StoredTable table, JsonNode body) {
    ObjectNode answer = JSON.createObjectNode();
    int index = 0;
    for (JsonNode row : body.path("rows")) {
      String problem;
      try {
        Map<String, Object> values = JsonRows.read(table.fields(), row.path("json"));
        problem = table.problem(values);
        if (problem == null) {
          table.append(values);
        }
      } catch (RuntimeException e) {
        problem = e.getMessage();
      }
      if (problem != null) {
        answer
            .withArray("insertErrors")
            .addObject()
            .put("index", index)
            .putArray("errors")
            .addObject()
            .put("reason", "invalid")
            .put("message", problem);
      }
      index++;
    }
    return answer;
  }

  private static JsonNode data(StoredTable table, Map<String, String> query) {
    ObjectNode answer = JSON.createObjectNode();
    List<Map<String, Object>> rows = table.rows();
    int from =
        Integer.parseInt(query.getOrDefault("pageToken", query.getOrDefault("startIndex", "0")));
    int count = Integer.parseInt(query.getOrDefault("maxResults", "10000"));
    boolean micros = Boolean.parseBoolean(query.get("formatOptions.useInt64Timestamp"));
    answer.put("totalRows", String.valueOf(rows.size()));
    ArrayNode list = answer.putArray("rows");
    int to = Math.min(rows.size(), from + count);
    for (int i = from; i < to; i++) {
      list.add(JsonRows.cells(table.fields(), rows.get(i), micros));
    }
    if (to < rows.size()) {
      answer.put("pageToken", String.valueOf(to));
    }
    return answer;
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new LinkedHashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&")) {
        String[] parts = pair.split("=", 2);
        query.put(
            parts[0], parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    return query;
  }
}
