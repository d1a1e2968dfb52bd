package dev.beamline.report.docs;

import dev.beamline.project.Query;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What queries mean, in the words of whoever wrote them. */
public final class Descriptions {

  private Descriptions() {}

  /** What YAML says, else the comment that the file begins with; null: nobody says. */
  public static @Nullable String of(Query query) {
    if (query.description() != null) {
      return query.description();
    }
    List<String> comment = new ArrayList<>();
    for (String line : query.file().text().lines().toList()) {
      String text = line.strip();
      if (!text.startsWith("--") && !text.startsWith("#")) {
        break;
      }
      comment.add(text.replaceFirst("^(--+|#+)\\s*", ""));
    }
    String joined = String.join(" ", comment).strip();
    return joined.isEmpty() ? null : joined;
  }
}
