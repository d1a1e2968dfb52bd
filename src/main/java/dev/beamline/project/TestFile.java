package dev.beamline.project;

import dev.beamline.diagnostic.Place;
import java.util.List;

/** A file of event-time tests of one query. */
public record TestFile(String path, Located<String> query, List<TestCase> tests) {

  public TestFile {
    tests = List.copyOf(tests);
  }

  public Place place() {
    return Place.ofFile(path);
  }
}
