package dev.beamline.plan;

import java.io.Serializable;

/** One key of an order. BigQuery's default: NULLs first when ascending, last when descending. */
public record SortKey(Expression expression, boolean descending, boolean nullsFirst)
    implements Serializable {}
