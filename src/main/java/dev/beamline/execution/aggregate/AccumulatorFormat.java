package dev.beamline.execution.aggregate;

import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import java.io.Serializable;

/**
 * How one kind of accumulator becomes bytes. Part of the coder's identity: serializable, and equal
 * to formats that read and write the same bytes.
 *
 * @param <A> the accumulator
 */
interface AccumulatorFormat<A> extends Serializable {

  void write(A accumulator, ByteWriter out);

  A read(ByteReader in);
}
