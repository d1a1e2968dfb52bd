package dev.beamline.pipeline;

import dev.beamline.diagnostic.Place;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Query;
import dev.beamline.project.Windowing;

/**
 * A query to run.
 *
 * @param windowing when its windows send results and how long they take rows
 * @param upsert whether its table keeps one row a key, so that rows can be withdrawn
 * @param output whether its rows go to a sink; false where other queries only read it
 * @param place of the query's file, for errors
 * @param sql the file's text, for places in it; empty: not known
 */
public record QueryJob(
    QueryPlan plan, Windowing windowing, boolean upsert, boolean output, Place place, String sql) {

  /** A query without a text. */
  public QueryJob(
      QueryPlan plan, Windowing windowing, boolean upsert, boolean output, Place place) {
    this(plan, windowing, upsert, output, place, "");
  }

  /** A query of a project. */
  public static QueryJob of(QueryPlan plan, Query query, boolean upsert, boolean output) {
    return new QueryJob(
        plan, query.windowing(), upsert, output, query.place(), query.file().text());
  }

  public String name() {
    return plan.name();
  }
}
