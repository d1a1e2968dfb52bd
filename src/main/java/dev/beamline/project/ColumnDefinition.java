package dev.beamline.project;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A column of a source as declared.
 *
 * @param name with the place of its key
 * @param type as written; {@link SourceTables} parses it
 * @param typeIsVerbatim whether the type's text stands in the file character by character from its
 *     place on, so that a place inside it can be told
 */
public record ColumnDefinition(
    Located<String> name,
    Located<String> type,
    boolean typeIsVerbatim,
    boolean required,
    @Nullable String description)
    implements Serializable {}
