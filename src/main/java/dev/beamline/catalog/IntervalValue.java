package dev.beamline.catalog;

import java.io.Serializable;

/**
 * A value of BigQuery's INTERVAL: three parts that do not carry into each other.
 *
 * @param months years count twelve
 * @param micros the part below a day
 */
public record IntervalValue(long months, long days, long micros) implements Serializable {}
