package dev.beamline.io.format;

import java.io.Serializable;

/**
 * How a CSV file is written.
 *
 * @param delimiter an ASCII character: comma, semicolon, tab ...
 * @param header whether the first record names the columns; else they come in the declared order
 * @param multiline whether quoted fields may hold line breaks. Such a file cannot be split, so one
 *     worker reads the whole of it
 * @param nullText the text, without quotes, that is NULL; where it is empty an empty field is NULL,
 *     but one in quotes is an empty STRING
 */
public record CsvOptions(char delimiter, boolean header, boolean multiline, String nullText)
    implements Serializable {

  public static final CsvOptions DEFAULT = new CsvOptions(',', true, true, "");

  public CsvOptions {
    if (delimiter >= 128 || delimiter == '"' || delimiter == '\n' || delimiter == '\r') {
      throw new IllegalArgumentException("not a delimiter: " + (int) delimiter);
    }
  }
}
