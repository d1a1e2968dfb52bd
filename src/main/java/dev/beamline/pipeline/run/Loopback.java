package dev.beamline.pipeline.run;

import java.util.Set;

/** The names by which this machine speaks to itself. */
final class Loopback {

  private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");

  private Loopback() {}

  static boolean isHost(String name) {
    return HOSTS.contains(name);
  }

  /**
   * Whether a server is on this machine.
   *
   * @param address {@code host:port} or {@code host}
   */
  static boolean isAddress(String address) {
    int port = address.lastIndexOf(':');
    return isHost(port < 0 ? address : address.substring(0, port));
  }
}
