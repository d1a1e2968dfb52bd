package dev.beamline.pipeline.run;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.Place;
import dev.beamline.io.secret.SecretManager;
import dev.beamline.project.SecretReference;
import dev.beamline.project.Target;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the values of secrets where options of a target's sources and sinks refer to them. */
final class TargetSecrets {

  private final Target target;
  private @Nullable SecretManager manager;

  TargetSecrets(Target target) {
    this.target = target;
  }

  /** The options with their secrets' values. */
  Map<String, String> resolve(Map<String, String> options, Place place) {
    Map<String, String> resolved = new LinkedHashMap<>();
    options.forEach((name, value) -> resolved.put(name, resolve(value, place)));
    return resolved;
  }

  /** The text with its secrets' values. */
  String resolve(String text, Place place) {
    return SecretReference.isIn(text)
        ? SecretReference.resolve(text, name -> value(name, place))
        : text;
  }

  private String value(String name, Place place) {
    SecretManager known = manager;
    if (known == null) {
      known =
          new SecretManager(
              System.getProperty(
                  SecretManager.ENDPOINT_VARIABLE, System.getenv(SecretManager.ENDPOINT_VARIABLE)),
              TargetOptions.project(target, TargetOptions.of(target)));
      manager = known;
    }
    try {
      return known.value(name);
    } catch (IOException e) {
      throw new InvalidProjectException(
          Diagnostic.error(
              DiagnosticCode.UNSET_VARIABLE, place, String.valueOf(e.getMessage()), null));
    }
  }
}
