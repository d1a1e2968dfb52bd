package dev.beamline.project;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the files of {@code tests/}. */
final class TestFiles {

  private final ProjectFolder folder;
  private final PipelinesFile file;
  private final Map<String, Query> queries;
  private final Set<String> broken;
  private final Problems problems;

  TestFiles(
      ProjectFolder folder,
      PipelinesFile file,
      Map<String, Query> queries,
      Set<String> broken,
      Problems problems) {
    this.folder = folder;
    this.file = file;
    this.queries = queries;
    this.broken = broken;
    this.problems = problems;
  }

  List<TestFile> read() {
    List<Path> paths = new ArrayList<>(QueryFiles.list(folder, "tests", ".yaml", problems));
    paths.addAll(QueryFiles.list(folder, "tests", ".yml", problems));
    List<TestFile> tests = new ArrayList<>();
    for (Path path : paths) {
      TestFile test = read(path);
      if (test != null) {
        tests.add(test);
      }
    }
    return tests;
  }

  private @Nullable TestFile read(Path path) {
    String name = folder.relative(path);
    String text =
        QueryFiles.isInside(folder, path, name, problems)
            ? folder.text(path, name, problems)
            : null;
    if (text == null) {
      return null;
    }
    Problems syntax = new Problems();
    YamlNode root = YamlParser.parse(name, text, null, syntax);
    problems.addAll(syntax.sorted());
    if (root == null && syntax.hasErrors()) {
      return null;
    }
    if (root == null) {
      root = new YamlNode.YamlMap(List.of(), Place.ofFile(name));
    }
    Reading reading = new Reading(new Located<>(name, Place.ofFile(name)), folder, problems);
    TestShapes.File read = TestShapes.SHAPE.read(root, reading);
    if (read == null || broken.contains(Project.FILE)) {
      return null;
    }
    read.tests().forEach(test -> check(test, reading));
    refuseEqualNames(read);
    Query query = queries.get(read.query().value());
    if (query == null) {
      if (!broken.contains(read.query().value())) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.UNKNOWN_QUERY,
                read.query().place(),
                "there is no query \"" + read.query().value() + "\"",
                Hints.of(read.query().value(), queries.keySet())));
      }
      return null;
    }
    List<TestCase> cases = new ArrayList<>();
    for (TestShapes.Case test : read.tests()) {
      Windowing windowing = windowing(test, query, reading);
      if (windowing != null) {
        Map<String, ParameterValue> parameters = new LinkedHashMap<>(query.parameters());
        parameters.putAll(test.parameters());
        cases.add(
            new TestCase(
                test.name(),
                test.description(),
                windowing,
                parameters,
                test.steps(),
                test.lateDropped()));
      }
    }
    return new TestFile(name, read.query(), cases);
  }

  private @Nullable Windowing windowing(TestShapes.Case test, Query query, Reading reading) {
    if (test.windowing() == null) {
      return query.windowing();
    }
    PipelinesFile.QueryEntry own = file.queries().values().get(query.name());
    YamlNode ownWindowing = own == null ? null : own.windowing();
    YamlNode inherited = WindowingShapes.over(ownWindowing, file.defaults().windowing());
    return ProjectReader.windowing(
        WindowingShapes.over(test.windowing(), inherited),
        !WindowingShapes.namesWindow(test.windowing())
            && !WindowingShapes.namesWindow(ownWindowing),
        reading);
  }

  private void refuseEqualNames(TestShapes.File read) {
    Map<String, Place> seen = new HashMap<>();
    for (TestShapes.Case test : read.tests()) {
      Place first = seen.putIfAbsent(test.name().value(), test.name().place());
      if (first != null) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.DUPLICATE_NAME,
                test.name().place(),
                "two tests are named \"" + test.name().value() + "\"",
                "the first is in line " + first.line()));
      }
    }
  }

  private void check(TestShapes.Case test, Reading reading) {
    for (TestStep step : test.steps()) {
      if (step instanceof TestStep.Input input) {
        Source source = source(input.source());
        if (source != null && input.rows() instanceof TestRows.Inline rows) {
          rows.rows().forEach(row -> checkColumns(row, source));
        }
        checkRows(input.rows(), reading);
      } else if (step instanceof TestStep.WatermarkOf watermarks) {
        watermarks.to().forEach((name, time) -> source(new Located<>(name, time.place())));
      } else if (step instanceof TestStep.Expect expect) {
        checkRows(expect.rows(), reading);
      }
    }
  }

  private @Nullable Source source(Located<String> name) {
    Source source = file.sources().values().get(name.value());
    if (source == null && !file.sources().broken().contains(name.value())) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.UNKNOWN_SOURCE,
              name.place(),
              "there is no source \"" + name.value() + "\"",
              Hints.of(name.value(), file.sources().keys().keySet())));
    }
    return source;
  }

  private void checkRows(TestRows rows, Reading reading) {
    if (rows instanceof TestRows.File rowsFile) {
      folder.requireExisting(rowsFile.path(), "file", reading);
    }
  }

  private void checkColumns(TestRows.Row row, Source source) {
    List<String> known = source.columns().stream().map(c -> c.name().value()).toList();
    row.values()
        .forEach(
            (name, value) -> {
              if (known.stream().noneMatch(name::equalsIgnoreCase)) {
                problems.add(
                    Diagnostic.error(
                        DiagnosticCode.UNKNOWN_COLUMN,
                        value.key(),
                        "the source \"" + source.name() + "\" has no column \"" + name + "\"",
                        Hints.of(name, known)));
              }
            });
  }
}
