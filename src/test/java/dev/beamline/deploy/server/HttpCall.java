package dev.beamline.deploy.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request as the services see it. The path is as sent: object names keep their %2F. */
record HttpCall(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body) {

  static final ObjectMapper JSON = new ObjectMapper();

  static HttpCall of(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    byte[] body = exchange.getRequestBody().readAllBytes();
    if ("gzip".equals(headers.get("content-encoding"))) {
      body =
          new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(body)).readAllBytes();
    }
    return of(exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body);
  }

  /**
   * @param target path and query
   */
  static HttpCall of(String method, String target, Map<String, String> headers, byte[] body) {
    int mark = target.indexOf('?');
    Map<String, String> query = new LinkedHashMap<>();
    if (mark >= 0) {
      for (String pair : target.substring(mark + 1).split("&")) {
        int equal = pair.indexOf('=');
        query.put(
            decode(equal < 0 ? pair : pair.substring(0, equal)),
            equal < 0 ? "" : decode(pair.substring(equal + 1)));
      }
    }
    String path = mark < 0 ? target : target.substring(0, mark);
    // Clients send a POST that stands for another method where a proxy knows few.
    String real = headers.getOrDefault("x-http-method-override", method);
    return new HttpCall(real, path, query, headers, body);
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  JsonNode json() throws IOException {
    return body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
  }

  static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
