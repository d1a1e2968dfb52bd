package dev.beamline.sql.fuzz;

/** A column that expressions may name: {@code qualifier.name}. */
record Col(String qualifier, String name, Ty type) {

  Ex ex() {
    return Ex.of(type, qualifier.isEmpty() ? name : qualifier + "." + name);
  }
}
