package dev.beamline.project;

/** A key of a mapping: its name, what it holds, and what it means, for hover in editors. */
record Key<T>(String name, Shape<T> shape, String description, boolean required) {

  static <T> Key<T> of(String name, Shape<T> shape, String description) {
    return new Key<>(name, shape, description, false);
  }

  static <T> Key<T> required(String name, Shape<T> shape, String description) {
    return new Key<>(name, shape, description, true);
  }
}
