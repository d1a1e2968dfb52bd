package dev.beamline.pipeline;

import dev.beamline.transform.Change;
import dev.beamline.transform.ErrorRecord;
import org.apache.beam.sdk.values.PCollection;

/** Where the rows of a pipeline go. */
public interface Sinks {

  /**
   * Writes a query's rows, whose schema is {@code Panes.schema(job.plan())}. Step names are below
   * the name of the pipeline's step {@code QUERY/sink}.
   */
  void write(QueryJob job, PCollection<Change> changes);

  /**
   * Writes the records that could not be used.
   *
   * @param origin the source or the query they are from
   */
  void writeErrors(String origin, PCollection<ErrorRecord> errors);
}
