package dev.beamline.cli;

/** How rows are printed. */
enum RowFormat {
  TABLE,
  JSON,
  CSV;

  /** Reads the option. */
  static final class Converter extends NameConverter<RowFormat> {
    Converter() {
      super(RowFormat.class);
    }
  }
}
