package dev.beamline.project;

import dev.beamline.catalog.Type;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A column of a source as declared.
 *
 * @param name with the place of its key
 * @param required whether a record without a value is refused
 */
public record ColumnDefinition(
    Located<String> name, Located<Type> type, boolean required, @Nullable String description)
    implements Serializable {}
