package dev.beamline.deploy.manifest;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of event time, RFC 3339.
 *
 * @param from inclusive; null: from the beginning of what the sources still have
 * @param to exclusive
 */
public record TimeRange(@Nullable String from, String to) {}
