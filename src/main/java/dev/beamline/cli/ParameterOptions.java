package dev.beamline.cli;

import dev.beamline.diagnostic.Place;
import dev.beamline.project.Located;
import dev.beamline.project.ParameterValue;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Values of {@code @name} in the SQL, over those that pipelines.yaml gives. */
final class ParameterOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = {"-P", "--parameter"},
      paramLabel = "NAME=VALUE",
      description =
          "The value of @NAME in the queries, over that of pipelines.yaml; NAME:TYPE=VALUE gives its"
              + " type. May be repeated.")
  private Map<String, String> given = new LinkedHashMap<>();

  /** The values as they are given. */
  List<ParameterValue> values() {
    List<ParameterValue> values = new ArrayList<>();
    given.forEach(
        (name, value) -> {
          int colon = name.indexOf(':');
          Place place = Place.ofFile("-P " + name + "=" + value);
          values.add(
              new ParameterValue(
                  colon < 0 ? name : name.substring(0, colon),
                  colon < 0 ? null : new Located<>(name.substring(colon + 1), place),
                  colon < 0 ? ParameterValue.parse(value) : value,
                  place));
        });
    return values;
  }

  /** The project with these values in each query that has the parameter; one of none is wrong. */
  Project in(Project project) {
    Map<String, Query> queries = new LinkedHashMap<>(project.queries());
    for (ParameterValue value : values()) {
      Pattern use =
          Pattern.compile("@" + Pattern.quote(value.name()) + "(?!\\w)", Pattern.CASE_INSENSITIVE);
      boolean used = false;
      for (Query query : List.copyOf(queries.values())) {
        if (use.matcher(query.file().text()).find()) {
          used = true;
          Map<String, ParameterValue> own = new LinkedHashMap<>(query.parameters());
          own.put(value.name().toLowerCase(Locale.ROOT), value);
          queries.put(query.name(), query.with(query.windowing(), own));
        }
      }
      if (!used) {
        throw new ParameterException(
            command.commandLine(), "-P " + value.name() + ": no query has @" + value.name());
      }
    }
    return project.withQueries(queries);
  }
}
