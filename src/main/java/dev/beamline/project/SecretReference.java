package dev.beamline.project;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A secret of Google's Secret Manager that stands in an option, as the user has written it: it is
 * asked for by whoever uses the option, so that no plan, manifest or checked project holds it.
 */
public final class SecretReference {

  static final String PREFIX = "secret:";

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{secret:([A-Za-z0-9_./-]+)}");

  private SecretReference() {}

  /** As it stands in a text. */
  static String text(String name) {
    return "${" + PREFIX + name + "}";
  }

  /** Whether there is one in the text. */
  public static boolean isIn(String text) {
    return REFERENCE.matcher(text).find();
  }

  /** How a secret's value is found. */
  public interface Lookup {
    /**
     * The value.
     *
     * @param name {@code NAME}, {@code projects/P/secrets/NAME} or the latter with {@code
     *     /versions/V}
     */
    String value(String name);
  }

  /** The text with the values of its secrets. */
  public static String resolve(String text, Lookup lookup) {
    Matcher matcher = REFERENCE.matcher(text);
    return matcher.replaceAll(
        found -> Matcher.quoteReplacement(lookup.value(String.valueOf(found.group(1)))));
  }
}
