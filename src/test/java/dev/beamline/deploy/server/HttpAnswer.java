package dev.beamline.deploy.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a service answers. */
record HttpAnswer(int status, Map<String, String> headers, byte[] body) {

  static HttpAnswer json(com.fasterxml.jackson.databind.JsonNode body) {
    return new HttpAnswer(
        200,
        Map.of("Content-Type", "application/json; charset=UTF-8"),
        body.toString().getBytes(StandardCharsets.UTF_8));
  }

  static HttpAnswer empty(int status) {
    return new HttpAnswer(status, Map.of(), new byte[0]);
  }

  /** An error in the form of Google's APIs. */
  static HttpAnswer error(int status, String reason, String message) {
    ObjectNode error = HttpCall.JSON.createObjectNode();
    ObjectNode inner = error.putObject("error");
    inner.put("code", status).put("message", message).put("status", reason);
    inner.putArray("errors").addObject().put("reason", reason).put("message", message);
    return new HttpAnswer(
        status,
        Map.of("Content-Type", "application/json; charset=UTF-8"),
        error.toString().getBytes(StandardCharsets.UTF_8));
  }
}
