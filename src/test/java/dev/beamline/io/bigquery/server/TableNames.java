package dev.beamline.io.bigquery.server;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables that a query names in backticks. */
final class TableNames {

  private static final Pattern NAME = Pattern.compile("`([^`]+\\.[^`]+)`");

  private TableNames() {}

  /** Project, dataset and table of each. */
  static List<List<String>> of(String sql, String defaultProject) {
    List<List<String>> names = new ArrayList<>();
    Matcher name = NAME.matcher(sql);
    while (name.find()) {
      String[] parts = name.group(1).split("\\.");
      names.add(parts.length == 2 ? List.of(defaultProject, parts[0], parts[1]) : List.of(parts));
    }
    return names;
  }
}
