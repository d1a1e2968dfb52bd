package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.stage.RowProgram;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;

/**
 * How the groups of a stream are kept and what becomes of their panes.
 *
 * @param slack milliseconds after a window's end until its last rows are there
 * @param updates whether the rows that come are results that change
 * @param programs what is done with the rows of a pane, for each reader
 */
public record StreamGrouping(
    GroupOutput group,
    PanePolicy policy,
    long slack,
    boolean updates,
    List<RowProgram> programs,
    Coder<Tuple> keyCoder)
    implements Serializable {

  public StreamGrouping {
    programs = List.copyOf(programs);
  }

  WindowStateCoder stateCoder() {
    return new WindowStateCoder(
        group.grouping().accumulatorCoder(),
        programs.stream().map(PaneSender::sentKeyCoder).toList());
  }
}
