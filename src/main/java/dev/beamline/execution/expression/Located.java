package dev.beamline.execution.expression;

import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Place;
import org.jspecify.annotations.Nullable;

/** Puts the place of a call into its errors that have none yet. */
public final class Located implements Evaluator {

  private final Evaluator evaluator;
  private final Place place;

  public Located(Evaluator evaluator, Place place) {
    this.evaluator = evaluator;
    this.place = place;
  }

  @Override
  public @Nullable Object evaluate(Tuple row) {
    try {
      return evaluator.evaluate(row);
    } catch (EvaluationException e) {
      throw e.at(place);
    }
  }
}
