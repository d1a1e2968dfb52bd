package dev.beamline.report.lsp;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.parser.SqlWords.Word;
import org.jspecify.annotations.Nullable;

/**
 * What a word means.
 *
 * @param markdown for people
 * @param definition null: it is Beamline's own, or not known
 */
record Meaning(Word word, String markdown, @Nullable Place definition) {}
