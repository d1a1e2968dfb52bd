package dev.beamline.sample;

import java.time.Instant;

/**
 * One line of the event stream.
 *
 * @param eventTime when it happened on the phone
 * @param arrival when it reached the server: later, for a phone that was offline
 * @param json the line, which may be broken on purpose
 */
public record GameEvent(Instant eventTime, Instant arrival, String json) {}
