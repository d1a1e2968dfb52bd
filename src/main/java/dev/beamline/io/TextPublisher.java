package dev.beamline.io;

import java.io.Closeable;
import java.io.IOException;

/** Sends texts to a system that carries messages, outside any pipeline. One thread uses it. */
public interface TextPublisher extends Closeable {

  /**
   * Sends a text, perhaps together with the next ones.
   *
   * @throws IOException where the system refused it or an earlier one
   */
  void publish(String text) throws IOException;

  /** Sends what waits, and returns once the system has it. */
  void flush() throws IOException;
}
