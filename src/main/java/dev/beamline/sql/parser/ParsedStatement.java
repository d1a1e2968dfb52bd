package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlStatement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One statement of a text.
 *
 * @param statement null where it has errors
 * @param text as written, from its first to its last token, without the semicolon
 * @param start offset of the text's first UTF-16 unit
 * @param end offset behind the text's last UTF-16 unit
 * @param place of its first token
 * @param problems what is wrong with this statement; also given to the Problems of the whole
 */
public record ParsedStatement(
    @Nullable SqlStatement statement,
    String text,
    int start,
    int end,
    Place place,
    List<Diagnostic> problems) {

  public ParsedStatement {
    problems = List.copyOf(problems);
  }
}
