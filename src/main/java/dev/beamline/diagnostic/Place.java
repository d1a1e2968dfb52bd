package dev.beamline.diagnostic;

import java.io.Serializable;

/**
 * Where something stands in a user's file.
 *
 * @param file path relative to the project's folder, with forward slashes
 * @param line 1-based; 0 where the whole file is meant
 * @param column 1-based, counted in characters (tabs count one); 0 where the whole line is meant
 * @param length characters to underline, at least 1
 */
public record Place(String file, int line, int column, int length) implements Serializable {

  public Place {
    if (line < 0 || column < 0 || length < 1) {
      throw new IllegalArgumentException(
          "not a place: " + file + ":" + line + ":" + column + "+" + length);
    }
  }

  /** The whole of a file. */
  public static Place ofFile(String file) {
    return new Place(file, 0, 0, 1);
  }

  @Override
  public String toString() {
    if (line == 0) {
      return file;
    }
    return column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
  }
}
