package dev.beamline.catalog;

import java.io.Serializable;

/**
 * A source as SQL sees it.
 *
 * @param eventTime index of the event-time column; -1 where the source has none
 * @param bounded whether it ends
 */
public record Table(String name, Schema schema, int eventTime, boolean bounded)
    implements Serializable {

  public Table {
    if (eventTime < -1 || eventTime >= schema.size()) {
      throw new IllegalArgumentException("no column " + eventTime + " in " + schema);
    }
  }
}
