package dev.beamline.sql;

import dev.beamline.diagnostic.Problems;
import dev.beamline.plan.QueryPlan;
import dev.beamline.sql.analyzer.SqlContext;
import java.util.Optional;

/** Plans that no rule has touched, for tests in other packages. */
public final class AsWritten {

  private AsWritten() {}

  public static Optional<QueryPlan> compile(String sql, SqlContext context, Problems problems) {
    return SqlCompiler.compileAsWritten("q", "q.sql", sql, context, problems);
  }
}
