package dev.beamline.sql.analyzer;

import dev.beamline.plan.Expression;
import dev.beamline.sql.ast.SqlExpression;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an expression stands and what it may hold there.
 *
 * @param clause for messages: WHERE, GROUP BY ...
 * @param aggregates collects aggregate calls; null: they are not allowed here
 * @param analytics collects analytic calls; null: they are not allowed here
 * @param windowCalls collects TUMBLE_START and the like; null: they are not allowed here
 * @param attachments collects subqueries over tables; null: they are not allowed here
 * @param argumentAttachments the same for arguments of aggregates
 * @param aliases names of the SELECT list that hide the scope's, by lower case
 * @param windows of the WINDOW clause, by lower case
 */
record Env(
    Scope scope,
    String clause,
    @Nullable Aggregates aggregates,
    @Nullable Analytics analytics,
    @Nullable WindowCalls windowCalls,
    @Nullable List<Attachment> attachments,
    @Nullable List<Attachment> argumentAttachments,
    Map<String, List<Typed>> aliases,
    Map<String, SqlExpression.Over> windows) {

  /** A place where only plain expressions are allowed. */
  static Env plain(Scope scope, String clause, @Nullable List<Attachment> attachments) {
    return new Env(scope, clause, null, null, null, attachments, attachments, Map.of(), Map.of());
  }

  /** The same names and nothing but plain expressions. */
  Env inside(String where, @Nullable List<Attachment> subqueries) {
    return new Env(scope, where, null, null, windowCalls, subqueries, subqueries, aliases, windows);
  }

  /** Within an analytic call: aggregates are allowed, analytic calls are not. */
  Env insideAnalytic(String where) {
    return new Env(
        scope,
        where,
        aggregates,
        null,
        windowCalls,
        attachments,
        argumentAttachments,
        aliases,
        windows);
  }

  /** The same in another clause, with analytic calls or without. */
  Env in(String other, boolean withAnalytics) {
    return new Env(
        scope,
        other,
        aggregates,
        withAnalytics ? analytics : null,
        windowCalls,
        attachments,
        argumentAttachments,
        aliases,
        windows);
  }

  Env withAliases(Map<String, List<Typed>> names) {
    return new Env(
        scope,
        clause,
        aggregates,
        analytics,
        windowCalls,
        attachments,
        argumentAttachments,
        names,
        windows);
  }

  /** One more name, which hides others. */
  Env with(String name, Expression value) {
    Map<String, List<Typed>> others = new HashMap<>(aliases);
    others.remove(name.toLowerCase(Locale.ROOT));
    return withAliases(others).withScope(scope.with(name, value));
  }

  Env withScope(Scope other) {
    return new Env(
        other,
        clause,
        aggregates,
        analytics,
        windowCalls,
        attachments,
        argumentAttachments,
        aliases,
        windows);
  }
}
