package dev.beamline.diagnostic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Collects diagnostics so that a user sees every mistake at once. Not safe for use by threads. */
public final class Problems {

  private final Set<Diagnostic> found = new LinkedHashSet<>();

  public void add(Diagnostic diagnostic) {
    found.add(diagnostic);
  }

  public void addAll(Iterable<Diagnostic> diagnostics) {
    diagnostics.forEach(this::add);
  }

  /** The value, or none where finding it ends with diagnostics, which are kept. */
  public <T> Optional<T> collect(Supplier<T> value) {
    try {
      return Optional.of(value.get());
    } catch (InvalidProjectException e) {
      addAll(e.diagnostics());
      return Optional.empty();
    }
  }

  public boolean hasErrors() {
    return found.stream().anyMatch(d -> d.severity() == Severity.ERROR);
  }

  /**
   * What was found, by file, line and column. A warning of what is an error at the same place, as a
   * query of a batch and of a stream has, is left out.
   */
  public List<Diagnostic> sorted() {
    List<Diagnostic> sorted = new ArrayList<>(found);
    sorted.removeIf(
        d ->
            d.severity() == Severity.WARNING
                && found.stream()
                    .anyMatch(
                        e ->
                            e.severity() == Severity.ERROR
                                && e.code() == d.code()
                                && e.place().equals(d.place())));
    sorted.sort(
        Comparator.comparing((Diagnostic d) -> d.place().file())
            .thenComparingInt(d -> d.place().line())
            .thenComparingInt(d -> d.place().column()));
    return Collections.unmodifiableList(sorted);
  }

  /**
   * Ends a step whose result is worthless when anything is wrong.
   *
   * @throws InvalidProjectException with all diagnostics, where one of them is an error
   */
  public void throwIfErrors() {
    if (hasErrors()) {
      throw new InvalidProjectException(sorted());
    }
  }
}
