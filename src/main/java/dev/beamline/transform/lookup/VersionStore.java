package dev.beamline.transform.lookup;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the versions of a table for processes that come later, so that a row which comes again
 * after a crash meets the version that it met before. Equal stores keep the same versions.
 */
public interface VersionStore extends Serializable {

  /**
   * The versions that are kept.
   *
   * @param columns of their rows
   * @param known left out: the times of those that are at hand already
   * @return by the time from which each counts, milliseconds since 1970
   */
  Map<Long, List<Tuple>> load(Schema columns, Set<Long> known) throws IOException;

  /** Keeps a version; when this returns, every later process finds it. */
  void keep(Schema columns, long millis, List<Tuple> rows) throws IOException;

  /** Keeps a version no longer. */
  void drop(Schema columns, long millis) throws IOException;
}
