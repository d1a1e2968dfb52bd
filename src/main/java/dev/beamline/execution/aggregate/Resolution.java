package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Type;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a function takes such arguments. */
public sealed interface Resolution {

  /**
   * It does.
   *
   * @param parameters what each argument must become
   */
  record Accepted(List<Type> parameters, Type result) implements Resolution {
    public Accepted {
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * It does not.
   *
   * @param message for people: what is wrong with which argument
   * @param hint what is allowed instead
   */
  record Refused(String message, @Nullable String hint) implements Resolution {}

  static Resolution accept(Type result, Type... parameters) {
    return new Accepted(Arrays.asList(parameters), result);
  }

  static Resolution refuse(String message, @Nullable String hint) {
    return new Refused(message, hint);
  }
}
