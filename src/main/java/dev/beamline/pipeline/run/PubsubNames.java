package dev.beamline.pipeline.run;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Problems;
import dev.beamline.project.Located;
import dev.beamline.project.Target;
import java.util.regex.Pattern;

/** Whole names of Pub/Sub's topics and subscriptions. */
public final class PubsubNames {

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._~+%-]{2,254}");

  private PubsubNames() {}

  /**
   * The whole name.
   *
   * @param kind topics or subscriptions
   * @param written whole, or a name alone, which is in the target's project
   */
  public static String of(String kind, Located<String> written, Target target, Problems problems) {
    String name = written.value();
    String[] parts = name.split("/", -1);
    boolean whole =
        parts.length == 4
            && parts[0].equals("projects")
            && parts[2].equals(kind)
            && !parts[1].isEmpty()
            && NAME.matcher(parts[3]).matches();
    if (whole) {
      return name;
    }
    String project =
        NAME.matcher(name).matches()
            ? TargetOptions.project(target, TargetOptions.of(target))
            : null;
    if (project == null) {
      boolean noProject = NAME.matcher(name).matches();
      problems.add(
          Diagnostic.error(
              noProject ? DiagnosticCode.MISSING_KEY : DiagnosticCode.INVALID_VALUE,
              written.place(),
              noProject
                  ? "target "
                      + target.name()
                      + " tells no Google Cloud project for \""
                      + name
                      + "\""
                  : "\"" + name + "\" is not the name of one of Pub/Sub's " + kind,
              noProject
                  ? "write projects/PROJECT/"
                      + kind
                      + "/"
                      + name
                      + ", or options: {project: NAME} of the target"
                  : "allowed: projects/PROJECT/" + kind + "/NAME, NAME of three letters or more"));
    }
    return "projects/" + (project == null ? "unknown" : project) + "/" + kind + "/" + name;
  }
}
