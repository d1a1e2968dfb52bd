package dev.beamline.pipeline;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.Place;
import dev.beamline.project.Windowing;
import dev.beamline.sql.parser.WordPlaces;
import dev.beamline.transform.group.PanePolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which query is compiled, and where in it.
 *
 * @param path the operators from the root down to here; empty at the root
 */
record Context(QueryJob job, PanePolicy policy, String path) {

  String query() {
    return job.name();
  }

  /** The name of an operator's steps: the query's, then the operators that lead to it. */
  String step(String operator) {
    return query() + "/" + below(operator).path();
  }

  Context below(String operator) {
    return new Context(job, policy, path.isEmpty() ? operator : path + "-" + operator);
  }

  /** Whether pipelines.yaml puts the rows that no other window has into one for all time. */
  boolean global() {
    return job.windowing().window() instanceof Windowing.Global;
  }

  /** The same error at the place of the query's windowing, where it has one of its own. */
  InvalidProjectException refusedWindowing(
      DiagnosticCode code, String message, @Nullable String hint) {
    Windowing.WindowChoice choice = job.windowing().window();
    return new InvalidProjectException(
        Diagnostic.error(
            code,
            choice == null ? job.place() : choice.place(),
            "query " + query() + ": " + message,
            hint));
  }

  /**
   * The error that the query cannot run this way.
   *
   * @param words of which one in the query's text, in upper case, is what cannot be; see {@link
   *     WordPlaces}
   */
  InvalidProjectException refused(
      DiagnosticCode code, String message, @Nullable String hint, String... words) {
    Place place =
        job.sql().isEmpty()
            ? job.place()
            : WordPlaces.find(job.place().file(), job.sql(), List.of(words));
    return new InvalidProjectException(
        Diagnostic.error(code, place, "query " + query() + ": " + message, hint));
  }
}
