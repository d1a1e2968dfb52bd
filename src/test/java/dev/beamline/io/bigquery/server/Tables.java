package dev.beamline.io.bigquery.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** All datasets and tables, in memory. */
final class Tables {

  private final Map<String, ObjectNode> datasets = new ConcurrentSkipListMap<>();
  private final Map<String, StoredTable> tables = new ConcurrentSkipListMap<>();

  void makeDataset(String project, String dataset) {
    ObjectNode resource = RestApi.JSON.createObjectNode();
    resource.putObject("datasetReference").put("projectId", project).put("datasetId", dataset);
    datasets.putIfAbsent(project + "." + dataset, resource);
  }

  void insertDataset(String project, ObjectNode resource) {
    String dataset = resource.path("datasetReference").path("datasetId").asText();
    if (datasets.putIfAbsent(project + "." + dataset, resource) != null) {
      throw new ApiException(
          409, "duplicate", "Already Exists: Dataset " + project + ":" + dataset);
    }
  }

  ObjectNode dataset(String project, String dataset) {
    ObjectNode found = datasets.get(project + "." + dataset);
    if (found == null) {
      throw ApiException.notFound("Dataset " + project + ":" + dataset);
    }
    return found;
  }

  void deleteDataset(String project, String dataset) {
    dataset(project, dataset);
    datasets.remove(project + "." + dataset);
    tables.keySet().removeIf(name -> name.startsWith(project + "." + dataset + "."));
  }

  List<ObjectNode> datasets(String project) {
    return datasets.entrySet().stream()
        .filter(e -> e.getKey().startsWith(project + "."))
        .map(Map.Entry::getValue)
        .toList();
  }

  StoredTable insert(String project, String dataset, ObjectNode resource) {
    dataset(project, dataset);
    String table = resource.path("tableReference").path("tableId").asText();
    StoredTable stored = new StoredTable(project, dataset, table, resource);
    if (tables.putIfAbsent(project + "." + dataset + "." + table, stored) != null) {
      throw new ApiException(
          409, "duplicate", "Already Exists: Table " + project + ":" + dataset + "." + table);
    }
    return stored;
  }

  /** The table, null where there is none. */
  StoredTable find(String project, String dataset, String table) {
    return tables.get(project + "." + dataset + "." + table.replaceFirst("\\$.*", ""));
  }

  StoredTable need(String project, String dataset, String table) {
    StoredTable found = find(project, dataset, table);
    if (found == null) {
      throw ApiException.notFound("Table " + project + ":" + dataset + "." + table);
    }
    return found;
  }

  /**
   * A table by the name of the Storage APIs.
   *
   * @param path projects/P/datasets/D/tables/T, whatever follows
   */
  StoredTable byPath(String path) {
    String[] parts = path.split("/");
    return need(parts[1], parts[3], parts[5]);
  }

  List<StoredTable> list(String project, String dataset) {
    dataset(project, dataset);
    return tables.entrySet().stream()
        .filter(e -> e.getKey().startsWith(project + "." + dataset + "."))
        .map(Map.Entry::getValue)
        .toList();
  }

  void delete(String project, String dataset, String table) {
    need(project, dataset, table);
    tables.remove(project + "." + dataset + "." + table);
  }
}
