package dev.beamline.project;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.NearestName;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.project.PipelinesFile.Pipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a project's folder into records and finds every mistake that needs no SQL. */
public final class ProjectReader {

  private final ProjectFolder folder;
  private final Function<String, @Nullable String> environment;
  private final Problems problems;
  private final Set<String> broken = new LinkedHashSet<>();

  private ProjectReader(
      Path folder,
      Function<String, @Nullable String> environment,
      Map<String, String> buffers,
      Problems problems) {
    this.folder = new ProjectFolder(folder.toAbsolutePath().normalize(), Map.copyOf(buffers));
    this.problems = problems;
    this.environment = Environment.of(this.folder.root(), environment, problems);
  }

  /**
   * @param environment the values of environment variables; null for what is unset
   * @param problems gets the mistakes
   * @return what could be read. Where pipelines.yaml itself could not, {@link Project#broken} has
   *     its name, and the project has the query files alone
   */
  public static Project read(
      Path folder, Function<String, @Nullable String> environment, Problems problems) {
    return read(folder, environment, Map.of(), problems);
  }

  /**
   * The same, with texts that stand for files.
   *
   * @param buffers by path relative to the folder, with forward slashes
   */
  public static Project read(
      Path folder,
      Function<String, @Nullable String> environment,
      Map<String, String> buffers,
      Problems problems) {
    return new ProjectReader(folder, environment, buffers, problems).project();
  }

  private Project project() {
    PipelinesFile file = pipelinesFile();
    QueryFiles files = QueryFiles.read(folder, problems);
    broken.addAll(files.broken());
    broken.addAll(file.sources().broken());
    Map<String, Query> queries = queries(file, files);
    checkNames(file, files);
    SinkConflicts.check(queries.values(), problems);
    file.sources().values().values().forEach(this::checkFiles);
    Map<String, Target> targets = new LinkedHashMap<>(file.targets().values());
    if (!file.targets().keys().containsKey(Project.LOCAL)) {
      targets.put(Project.LOCAL, TargetShapes.local());
    }
    Path name = folder.root().getFileName();
    return new Project(
        folder.root(),
        file.name() != null ? file.name() : name == null ? "project" : name.toString(),
        file.sources().values(),
        queries,
        files.functionFiles(),
        pipelines(file, files, queries),
        targets,
        new TestFiles(folder, file, queries, broken, problems).read(),
        broken);
  }

  private Reading reading(String file) {
    return new Reading(new Located<>(file, Place.ofFile(file)), folder, problems);
  }

  private PipelinesFile pipelinesFile() {
    Path path = folder.root().resolve(Project.FILE);
    if (!Files.isRegularFile(path)) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.FILE_NOT_FOUND,
              Place.ofFile(Project.FILE),
              Files.isDirectory(folder.root())
                  ? "there is no file pipelines.yaml in this folder"
                  : "there is no folder \"" + folder.root().getFileName() + "\"",
              Files.exists(folder.root().resolve("pipelines.yml"))
                  ? "rename pipelines.yml to pipelines.yaml"
                  : "name the project's folder with -C, or make a new project with init"));
      broken.add(Project.FILE);
      return PipelinesFile.empty();
    }
    String text =
        QueryFiles.isInside(folder, path, Project.FILE, problems)
            ? folder.text(path, Project.FILE, problems)
            : null;
    if (text == null) {
      broken.add(Project.FILE);
      return PipelinesFile.empty();
    }
    Problems syntax = new Problems();
    YamlNode root = YamlParser.parse(Project.FILE, text, environment, syntax);
    problems.addAll(syntax.sorted());
    if (root == null) {
      if (!syntax.hasErrors()) {
        return PipelinesFile.empty();
      }
      broken.add(Project.FILE);
      return PipelinesFile.empty();
    }
    PipelinesFile file = PipelinesFile.SHAPE.read(root, reading(Project.FILE));
    if (file == null) {
      broken.add(Project.FILE);
      return PipelinesFile.empty();
    }
    return file;
  }

  private Map<String, Query> queries(PipelinesFile file, QueryFiles files) {
    PipelinesFile.Defaults defaults = file.defaults();
    if (defaults.windowing() != null) {
      WindowingShapes.WINDOWING.read(
          defaults.windowing(),
          reading(Project.FILE).under(new Located<>("windowing", defaults.windowing().place())));
    }
    Map<String, Query> queries = new LinkedHashMap<>();
    for (QueryFile query : files.queries()) {
      Query merged = query(query, file);
      if (merged == null) {
        broken.add(query.name());
      } else {
        queries.put(query.name(), merged);
      }
    }
    List<String> names = files.queries().stream().map(QueryFile::name).toList();
    for (Located<String> key : file.queries().keys().values()) {
      if (!names.contains(key.value()) && !broken.contains(key.value())) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.UNKNOWN_QUERY,
                key.place(),
                "there is no file queries/" + key.value() + ".sql",
                NearestName.of(key.value(), names)
                    .map(near -> "did you mean \"" + near + "\"?")
                    .orElse("each query is a file of its own in queries/")));
      }
    }
    return queries;
  }

  private @Nullable Query query(QueryFile query, PipelinesFile file) {
    PipelinesFile.Defaults defaults = file.defaults();
    PipelinesFile.QueryEntry own = file.queries().values().get(query.name());
    Located<String> key = file.queries().keys().get(query.name());
    Place place = key == null ? Place.ofFile(query.path()) : key.place();
    Reading reading = reading(Project.FILE).under(new Located<>(query.name(), place));

    YamlNode ownWindowing = own == null ? null : own.windowing();
    Windowing windowing =
        windowing(
            WindowingShapes.over(ownWindowing, defaults.windowing()),
            !WindowingShapes.namesWindow(ownWindowing),
            reading);

    YamlNode ownSink = own == null ? null : own.sink();
    YamlNode sinkNode = SinkShapes.over(ownSink, defaults.sink());
    Sink sink =
        sinkNode == null
            ? SinkShapes.ofNothing(query.name(), place)
            : SinkShapes.SINK.read(
                sinkNode,
                reading.under(
                    new Located<>(query.name(), ownSink == null ? sinkNode.place() : place)));
    if (windowing == null || sink == null) {
      return null;
    }
    refuseUpsertOfDifferences(sink, windowing);
    Map<String, ParameterValue> parameters = new LinkedHashMap<>(defaults.parameters());
    parameters.putAll(own == null ? Map.of() : own.parameters());
    return new Query(
        query,
        key == null ? null : key.place(),
        own == null ? null : own.description(),
        own == null || own.owner() == null ? defaults.owner() : own.owner(),
        windowing,
        sink,
        own == null || own.freshness() == null ? defaults.freshness() : own.freshness(),
        own == null ? null : own.chart(),
        own == null ? Map.of() : own.columns(),
        parameters);
  }

  static @Nullable Windowing windowing(
      @Nullable YamlNode node, boolean inherited, Reading reading) {
    if (node == null) {
      return Windowing.DEFAULT;
    }
    Windowing read =
        WindowingShapes.WINDOWING.read(
            node, reading.under(new Located<>("windowing", node.place())));
    return read == null
        ? null
        : new Windowing(
            read.window(),
            inherited,
            read.allowedLateness(),
            read.trigger(),
            read.accumulationMode());
  }

  private void refuseUpsertOfDifferences(Sink sink, Windowing windowing) {
    Located<Sink.WriteMode> write = sink.common().write();
    if (write != null
        && write.value() == Sink.WriteMode.UPSERT
        && windowing.accumulationMode() == Windowing.AccumulationMode.DISCARDING) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.CONFLICTING_SETTINGS,
              write.place(),
              "write: upsert keeps only the newest pane of a key, but with accumulation_mode:"
                  + " discarding each pane holds only its new rows",
              "use accumulation_mode: accumulating, or write: append"));
    }
  }

  private void checkNames(PipelinesFile file, QueryFiles files) {
    Map<String, Located<String>> sources = new HashMap<>();
    for (Located<String> source : file.sources().keys().values()) {
      Located<String> first = sources.putIfAbsent(source.value().toLowerCase(Locale.ROOT), source);
      if (first != null) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.DUPLICATE_NAME,
                source.place(),
                "the sources \""
                    + first.value()
                    + "\" and \""
                    + source.value()
                    + "\" differ only in case",
                "rename one of them"));
      }
    }
    Map<String, String> errorTables = new HashMap<>();
    for (Source source : file.sources().values().values()) {
      errorTables.putIfAbsent(source.errorTable().toLowerCase(Locale.ROOT), source.name());
    }
    for (QueryFile query : files.queries()) {
      String name = query.name().toLowerCase(Locale.ROOT);
      Located<String> source = sources.get(name);
      String errors = errorTables.get(name);
      if (source != null) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.DUPLICATE_NAME,
                Place.ofFile(query.path()),
                "the query \""
                    + query.name()
                    + "\" has the name of a source ("
                    + source.place()
                    + ")",
                "rename the file or the source"));
      } else if (errors != null) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.DUPLICATE_NAME,
                Place.ofFile(query.path()),
                "the query \""
                    + query.name()
                    + "\" has the name of the table for errors of the"
                    + " source \""
                    + errors
                    + "\"",
                "rename the file, or set error_handling: {output: ...} of the source"));
      }
    }
  }

  private void checkFiles(Source source) {
    Reading reading = reading(Project.FILE);
    if (source.sample() != null) {
      folder.requireExisting(source.sample(), "file", reading);
    }
    if (source.system() instanceof SourceSystem.Files files) {
      folder.requireExisting(files.path(), "file", reading);
    }
  }

  private Map<String, PipelineDefinition> pipelines(
      PipelinesFile file, QueryFiles files, Map<String, Query> queries) {
    List<String> names = files.queries().stream().map(QueryFile::name).toList();
    PipelineDefinition.Mode natural =
        file.sources().values().values().stream().allMatch(Source::bounded)
            ? PipelineDefinition.Mode.BATCH
            : PipelineDefinition.Mode.STREAMING;
    Map<String, PipelineDefinition> pipelines = new LinkedHashMap<>();
    Located<String> defaultPipeline = null;
    for (Pipeline written : file.pipelines().values().values()) {
      if (written.isDefault()) {
        if (defaultPipeline != null) {
          problems.add(
              Diagnostic.error(
                  DiagnosticCode.CONFLICTING_SETTINGS,
                  written.name().place(),
                  "the pipelines \""
                      + defaultPipeline.value()
                      + "\" and \""
                      + written.name().value()
                      + "\" are both the default",
                  "keep default: true at one of them"));
        }
        defaultPipeline = written.name();
      }
      Set<String> chosen = new LinkedHashSet<>();
      for (Located<String> pattern : written.queries()) {
        chosen.addAll(matching(pattern, names));
      }
      pipelines.put(
          written.name().value(),
          new PipelineDefinition(
              written.name().value(),
              written.name().place(),
              written.description(),
              written.mode() == null ? natural : written.mode(),
              names.stream().filter(chosen::contains).filter(queries::containsKey).toList(),
              written.isDefault()));
    }
    if (file.pipelines().keys().isEmpty()) {
      pipelines.put(
          "all",
          new PipelineDefinition(
              "all",
              Place.ofFile(Project.FILE),
              null,
              natural,
              List.copyOf(queries.keySet()),
              true));
    }
    return pipelines;
  }

  private List<String> matching(Located<String> pattern, List<String> names) {
    Pattern glob =
        Pattern.compile(
            ("\\Q" + pattern.value() + "\\E").replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"));
    List<String> matching = names.stream().filter(n -> glob.matcher(n).matches()).toList();
    boolean wildcard = pattern.value().contains("*") || pattern.value().contains("?");
    boolean isBroken = broken.stream().anyMatch(n -> glob.matcher(n).matches());
    if (matching.isEmpty() && !isBroken && !(pattern.value().equals("*") && names.isEmpty())) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.UNKNOWN_QUERY,
              pattern.place(),
              wildcard
                  ? "no query matches \"" + pattern.value() + "\""
                  : "there is no query \"" + pattern.value() + "\"",
              Hints.of(pattern.value(), names)));
    }
    return matching;
  }
}
