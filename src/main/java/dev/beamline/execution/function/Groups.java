package dev.beamline.execution.function;

import java.util.List;
import java.util.function.Consumer;

/** The groups of functions, each a class that registers its own. */
final class Groups {

  static final List<Consumer<Registry>> ALL =
      List.of(
          Constructors::register,
          ComparisonOperators::register,
          LogicalOperators::register,
          ArithmeticOperators::register,
          CastFunctions::register,
          CastFormats::register,
          ParseNumeric::register,
          Conditionals::register,
          DateConstructors::register,
          DateArithmetic::register,
          DateExtraction::register,
          DateOperators::register,
          DateFormats::register,
          DateBuckets::register,
          IntervalFunctions::register,
          CurrentTime::register,
          TextOperators::register,
          StringParts::register,
          StringForms::register,
          Search::register,
          CodePoints::register,
          Encodings::register,
          RegexpFunctions::register,
          HashFunctions::register,
          NetFunctions::register,
          MathFunctions::register,
          Rounding::register,
          Transcendentals::register,
          Distances::register,
          Refusals::register,
          JsonExtraction::register,
          JsonConversions::register,
          JsonFunctions::register,
          JsonMutators::register,
          ArrayFunctions::register,
          Sequences::register,
          MiscellaneousFunctions::register);

  private Groups() {}
}
