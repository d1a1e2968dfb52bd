package dev.beamline.sql.fuzz;

/** For whom a query is printed. */
enum Dialect {
  GOOGLE,
  DUCK
}
