package dev.beamline.project;

import dev.beamline.diagnostic.NearestName;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Wording of hints. */
public final class Hints {

  private static final int MOST_NAMES = 20;

  private Hints() {}

  /** {@code did you mean "a"? Allowed: a, b, c}. */
  public static @Nullable String of(String name, Collection<String> known) {
    return allowed(NearestName.of(name, known).orElse(null), known);
  }

  /** As {@link #of}, with the nearest name given. */
  public static @Nullable String allowed(@Nullable String nearest, Collection<String> known) {
    if (known.isEmpty()) {
      return nearest == null ? null : "did you mean \"" + nearest + "\"?";
    }
    List<String> names = known.stream().limit(MOST_NAMES).toList();
    String list =
        "allowed: "
            + String.join(", ", names)
            + (known.size() > names.size() ? ", ... (" + known.size() + " in all)" : "");
    return nearest == null ? list : "did you mean \"" + nearest + "\"? " + capital(list);
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
