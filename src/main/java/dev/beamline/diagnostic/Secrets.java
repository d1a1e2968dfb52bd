package dev.beamline.diagnostic;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Texts that this process knows and must not show: passwords, tokens and the like. */
public final class Secrets {

  /** What stands where a secret was. */
  public static final String HIDDEN = "***";

  /** Shorter ones are in too many words, and protect nothing. */
  private static final int SHORTEST = 4;

  private static final Pattern QUOTED = Pattern.compile("password\\s*=\\s*\"([^\"]+)\"");

  /** Longest first, so that no part of one stays. */
  private static final Set<String> KNOWN =
      new ConcurrentSkipListSet<>(
          Comparator.comparingInt(String::length).reversed().thenComparing(s -> s));

  private Secrets() {}

  /** From now on the text is not shown; nor is a password in quotes inside it. */
  public static void remember(@Nullable String secret) {
    if (secret == null || secret.strip().length() < SHORTEST) {
      return;
    }
    KNOWN.add(secret.strip());
    Matcher quoted = QUOTED.matcher(secret);
    while (quoted.find()) {
      remember(quoted.group(1));
    }
  }

  /** The text without the secrets in it. */
  public static String hide(String text) {
    String shown = text;
    for (String secret : KNOWN) {
      if (shown.contains(secret)) {
        shown = shown.replace(secret, HIDDEN);
      }
    }
    return shown;
  }

  /** Whether there is anything to hide. */
  public static boolean areKnown() {
    return !KNOWN.isEmpty();
  }
}
