package dev.beamline.project;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import org.jspecify.annotations.Nullable;

/**
 * What a shape knows beside the node.
 *
 * @param owner the key under which the node stands, such as a source's name: what is missing inside
 *     is reported there; of the file's root the file
 */
record Reading(Located<String> owner, ProjectFolder folder, Problems problems) {

  Reading under(YamlNode.YamlScalar key) {
    return new Reading(new Located<>(key.text(), key.place()), folder, problems);
  }

  Reading under(Located<String> key) {
    return new Reading(key, folder, problems);
  }

  void error(DiagnosticCode code, Place place, String message, @Nullable String hint) {
    problems.add(Diagnostic.error(code, place, message, hint));
  }

  /** Reports a value of another type. */
  void wrongType(YamlNode node, String expected, @Nullable String hint) {
    error(
        DiagnosticCode.WRONG_TYPE,
        node.place(),
        "expected " + expected + ", not " + node.describe(),
        hint);
  }
}
