package dev.beamline.transform.group;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sum of rows that stay and of rows that are replaced: of each result that came in, the newest.
 * That is how a second grouping never counts two panes of one window.
 */
final class Versions {

  /** The sum of the rows that stay. */
  Object plain;

  /** How many of them there are. */
  long plainRows;

  final Map<ByteString, Version> newest = new HashMap<>();

  Versions(Object plain) {
    this.plain = plain;
  }

  /**
   * The rows of one result as of one pane.
   *
   * @param sequence the larger one is newer
   * @param side which input of the operator they come in by
   */
  record Version(long sequence, int side, List<Tuple> rows) {
    Version {
      rows = List.copyOf(rows);
    }
  }

  void put(ByteString identity, Version version) {
    newest.merge(
        identity, version, (known, other) -> other.sequence() > known.sequence() ? other : known);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Versions that
        && plain.equals(that.plain)
        && plainRows == that.plainRows
        && newest.equals(that.newest);
  }

  @Override
  public int hashCode() {
    return newest.hashCode();
  }
}
