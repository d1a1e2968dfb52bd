package dev.beamline.execution.function;

import dev.beamline.execution.expression.EvaluationException;
import java.util.HashMap;
import java.util.Map;

/** TRANSLATE's table: what each character becomes; an empty string where it goes away. */
record Translation(Map<Integer, String> table) {

  static Translation of(String from, String to) {
    Map<Integer, String> table = new HashMap<>();
    int[] source = from.codePoints().toArray();
    int[] target = to.codePoints().toArray();
    for (int i = 0; i < source.length; i++) {
      String becomes = i < target.length ? Character.toString(target[i]) : "";
      if (table.put(source[i], becomes) != null) {
        throw new EvaluationException(
            "Duplicate character "
                + Shown.quoted(Character.toString(source[i]))
                + " in TRANSLATE source characters");
      }
    }
    return new Translation(table);
  }

  String apply(String text) {
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              String becomes = table.get(c);
              if (becomes == null) {
                result.appendCodePoint(c);
              } else {
                result.append(becomes);
              }
            });
    return result.toString();
  }
}
