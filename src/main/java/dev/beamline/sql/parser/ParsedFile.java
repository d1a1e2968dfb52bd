package dev.beamline.sql.parser;

import dev.beamline.sql.ast.SqlStatement;
import java.util.List;
import java.util.Objects;

/**
 * The statements of a text, in order, with and without errors. Empty statements are left out.
 *
 * @param parsed each statement with its text
 */
public record ParsedFile(List<ParsedStatement> parsed) {

  public ParsedFile {
    parsed = List.copyOf(parsed);
  }

  /** The statements without errors. */
  public List<SqlStatement> statements() {
    return parsed.stream().map(ParsedStatement::statement).filter(Objects::nonNull).toList();
  }
}
