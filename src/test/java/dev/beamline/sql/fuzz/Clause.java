package dev.beamline.sql.fuzz;

import java.util.List;

/** The inside of OVER, which stays as it is: with a part of its order gone, rows would tie. */
record Clause(String google, String duck, List<Part> parts) implements Part {

  Clause {
    parts = List.copyOf(parts);
  }

  @Override
  public String text(Dialect dialect) {
    return Ex.fill(dialect == Dialect.GOOGLE ? google : duck, parts, dialect);
  }

  @Override
  public List<Clause> smaller() {
    return List.of();
  }
}
