package dev.beamline.io.pubsub.server;

import java.io.IOException;

/** A Pub/Sub that tests can reach. */
public interface PubsubService extends AutoCloseable {

  /** The value of Beam's option pubsubRootUrl. */
  String rootUrl();

  @Override
  void close() throws IOException;
}
