package dev.beamline.io.bigquery.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Jobs, done at once: loads of NDJSON, queries, copies. */
final class Jobs {

  /** Where objects of gs:// are read from, as Beam's option gcsEndpoint. */
  private volatile String gcsEndpoint = "http://127.0.0.1:9/storage/v1";

  private static final int PAGE = 1000;

  private final Tables tables;
  private final Map<String, ObjectNode> jobs = new ConcurrentHashMap<>();
  private final Map<String, TableSql.Result> results = new ConcurrentHashMap<>();

  void useStorage(String endpoint) {
    gcsEndpoint = endpoint;
  }

  Jobs(Tables tables) {
    this.tables = tables;
  }

  JsonNode insert(String project, ObjectNode body, byte[] data) {
    ObjectNode job = body.deepCopy();
    String id = job.path("jobReference").path("jobId").asText(UUID.randomUUID().toString());
    if (jobs.containsKey(id)) {
      throw new ApiException(409, "duplicate", "Already Exists: Job " + id);
    }
    job.putObject("jobReference").put("projectId", project).put("jobId", id).put("location", "EU");
    job.put("id", project + ":" + id);
    ObjectNode status = job.putObject("status");
    ObjectNode statistics = job.putObject("statistics");
    status.put("state", "DONE");
    JsonNode what = job.path("configuration");
    try {
      if (what.has("load")) {
        load(what.path("load"), data);
      } else if (what.has("copy")) {
        copy(what.path("copy"));
      } else if (what.has("query")) {
        query(project, id, (ObjectNode) what.path("query"), what, statistics);
      } else {
        throw ApiException.invalid("no such job: " + what);
      }
    } catch (ApiException e) {
      ObjectNode error = status.putObject("errorResult");
      error.put("reason", e.reason()).put("message", e.getMessage());
      status.putArray("errors").add(error.deepCopy());
      if (what.path("dryRun").asBoolean()) {
        throw e;
      }
    }
    if (!what.path("dryRun").asBoolean()) {
      jobs.put(id, job);
    }
    return job;
  }

  JsonNode get(String id) {
    ObjectNode job = jobs.get(id);
    if (job == null) {
      throw ApiException.notFound("Job " + id);
    }
    return job;
  }

  private void load(JsonNode load, byte[] data) {
    StoredTable table = target(load, Field.list(load.path("schema")), load.path("schema"));
    if (load.path("writeDisposition").asText().equals("WRITE_TRUNCATE")) {
      table.truncate();
    }
    String format = load.path("sourceFormat").asText("CSV");
    if (format.equals("AVRO")) {
      for (JsonNode uri : load.path("sourceUris")) {
        AvroFiles.read(table, fetch(uri.asText())).forEach(table::append);
      }
      return;
    }
    if (!format.equals("NEWLINE_DELIMITED_JSON")) {
      throw ApiException.invalid("only NEWLINE_DELIMITED_JSON and AVRO are loaded here");
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    if (data != null) {
      read(table, data, rows);
    }
    for (JsonNode uri : load.path("sourceUris")) {
      read(table, fetch(uri.asText()), rows);
    }
    rows.forEach(table::append);
  }

  private static void read(StoredTable table, byte[] data, List<Map<String, Object>> rows) {
    for (String line : new String(data, StandardCharsets.UTF_8).split("\n")) {
      if (!line.isBlank()) {
        try {
          Map<String, Object> row = JsonRows.read(table.fields(), RestApi.JSON.readTree(line));
          String problem = table.problem(row);
          if (problem != null) {
            throw ApiException.invalid(problem);
          }
          rows.add(row);
        } catch (IOException e) {
          throw ApiException.invalid(e.getMessage());
        }
      }
    }
  }

  private byte[] fetch(String uri) {
    String[] parts = uri.substring("gs://".length()).split("/", 2);
    try {
      HttpResponse<byte[]> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          URI.create(
                              gcsEndpoint
                                  + "/b/"
                                  + parts[0]
                                  + "/o/"
                                  + URLEncoder.encode(parts[1], StandardCharsets.UTF_8)
                                      .replace("+", "%20")
                                  + "?alt=media"))
                      .build(),
                  HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw ApiException.notFound(uri);
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(response.body());
      return out.toByteArray();
    } catch (IOException e) {
      throw ApiException.invalid(String.valueOf(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void copy(JsonNode copy) {
    List<JsonNode> sources = new ArrayList<>();
    copy.path("sourceTables").forEach(sources::add);
    if (copy.has("sourceTable")) {
      sources.add(copy.path("sourceTable"));
    }
    StoredTable first = table(sources.get(0));
    StoredTable to = target(copy, first.fields(), first.resource().path("schema"));
    if (copy.path("writeDisposition").asText().equals("WRITE_TRUNCATE")) {
      to.truncate();
    }
    for (JsonNode source : sources) {
      table(source).rows().forEach(to::append);
    }
  }

  private StoredTable table(JsonNode reference) {
    return tables.need(
        reference.path("projectId").asText(),
        reference.path("datasetId").asText(),
        reference.path("tableId").asText());
  }

  /** The table that a job writes to, made where it may be. */
  private StoredTable target(JsonNode job, List<Field> fields, JsonNode schema) {
    JsonNode to = job.path("destinationTable");
    StoredTable found =
        tables.find(
            to.path("projectId").asText(),
            to.path("datasetId").asText(),
            to.path("tableId").asText());
    if (found != null) {
      return found;
    }
    if (job.path("createDisposition").asText("CREATE_IF_NEEDED").equals("CREATE_NEVER")
        || fields.isEmpty()) {
      throw ApiException.notFound("Table " + to);
    }
    ObjectNode resource = RestApi.JSON.createObjectNode();
    resource.set("tableReference", to);
    resource.set("schema", schema);
    return tables.insert(to.path("projectId").asText(), to.path("datasetId").asText(), resource);
  }

  private void query(
      String project, String id, ObjectNode query, JsonNode what, ObjectNode statistics) {
    String sql = query.path("query").asText();
    if (Script.isOne(sql)) {
      ObjectNode told = statistics.putObject("query");
      told.put("statementType", "SCRIPT");
      if (!what.path("dryRun").asBoolean()) {
        new Script(tables, project).run(sql);
        results.put(id, new TableSql.Result(List.of(), List.of()));
      }
      return;
    }
    TableSql.Result result = new TableSql(tables).rows(sql, project);
    ObjectNode told = statistics.putObject("query");
    long bytes = 0;
    for (List<String> name : TableNames.of(sql, project)) {
      StoredTable read = tables.find(name.get(0), name.get(1), name.get(2));
      bytes += read == null ? 0 : read.resource().path("numBytes").asLong();
    }
    told.put("totalBytesProcessed", String.valueOf(bytes));
    told.put("statementType", "SELECT");
    told.set("schema", schema(result.fields()));
    statistics.put("totalBytesProcessed", String.valueOf(bytes));
    // Beam asks in which location the tables are that the query reads.
    ArrayNode referenced = told.putArray("referencedTables");
    TableNames.of(sql, project)
        .forEach(
            name ->
                referenced
                    .addObject()
                    .put("projectId", name.get(0))
                    .put("datasetId", name.get(1))
                    .put("tableId", name.get(2)));
    if (what.path("dryRun").asBoolean()) {
      return;
    }
    results.put(id, result);
    if (query.has("destinationTable")) {
      StoredTable to = target(query, result.fields(), schema(result.fields()));
      if (!query.path("writeDisposition").asText().equals("WRITE_APPEND")) {
        to.truncate();
      }
      result.rows().forEach(to::append);
    }
  }

  JsonNode query(String project, ObjectNode request) {
    String id = UUID.randomUUID().toString();
    ObjectNode body = RestApi.JSON.createObjectNode();
    body.putObject("jobReference").put("jobId", id);
    body.putObject("configuration")
        .putObject("query")
        .put("query", request.path("query").asText())
        .put("useLegacySql", false);
    boolean dryRun = request.path("dryRun").asBoolean();
    ((ObjectNode) body.path("configuration")).put("dryRun", dryRun);
    JsonNode job = insert(project, body, null);
    JsonNode error = job.path("status").path("errorResult");
    if (!error.isMissingNode()) {
      throw ApiException.invalid(error.path("message").asText());
    }
    if (dryRun) {
      ObjectNode answer = RestApi.JSON.createObjectNode();
      answer.put("jobComplete", true);
      answer.put(
          "totalBytesProcessed", job.path("statistics").path("totalBytesProcessed").asText("0"));
      return answer;
    }
    return results(
        id,
        Map.of(
            "maxResults",
            request.path("maxResults").asText("10000"),
            "formatOptions.useInt64Timestamp",
            request.path("formatOptions").path("useInt64Timestamp").asText("false")));
  }

  JsonNode results(String id, Map<String, String> query) {
    TableSql.Result result = results.get(id);
    if (result == null) {
      throw ApiException.notFound("Job " + id);
    }
    boolean micros = Boolean.parseBoolean(query.get("formatOptions.useInt64Timestamp"));
    ObjectNode answer = RestApi.JSON.createObjectNode();
    answer.put("kind", "bigquery#queryResponse");
    answer.put("jobComplete", true);
    answer.putObject("jobReference").put("jobId", id).put("location", "EU");
    answer.put("totalRows", String.valueOf(result.rows().size()));
    answer.set("schema", schema(result.fields()));
    ArrayNode rows = answer.putArray("rows");
    int from = Integer.parseInt(query.getOrDefault("pageToken", "0"));
    // A page is small, so that clients have to ask for the next.
    int count = Math.min(PAGE, Integer.parseInt(query.getOrDefault("maxResults", "10000")));
    int to = Math.min(result.rows().size(), from + count);
    for (Map<String, Object> row : result.rows().subList(from, to)) {
      rows.add(JsonRows.cells(result.fields(), row, micros));
    }
    if (to < result.rows().size()) {
      answer.put("pageToken", String.valueOf(to));
    }
    return answer;
  }

  private static ObjectNode schema(List<Field> fields) {
    ObjectNode schema = RestApi.JSON.createObjectNode();
    ArrayNode list = schema.putArray("fields");
    for (Field field : fields) {
      ObjectNode node = list.addObject();
      node.put("name", field.name()).put("type", field.type()).put("mode", field.mode());
      if (!field.fields().isEmpty()) {
        node.set("fields", schema(field.fields()).path("fields"));
      }
    }
    return schema;
  }
}
