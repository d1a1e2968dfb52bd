package dev.beamline.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Who deploys a pipeline: an object that only one can make. It is a lease, renewed while the
 * deployment waits, so that one whose machine died does not stop the next for long.
 */
public final class DeployLock implements AutoCloseable {

  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final DeployStore objects;
  private final String path;
  private final Instant since = Instant.now();
  private Instant until = since.plus(LEASE);
  private long generation;

  private DeployLock(DeployStore objects, String path) {
    this.objects = objects;
    this.path = path;
  }

  /**
   * Takes it.
   *
   * @param path of the object
   * @throws DeployException where somebody else has it
   */
  public static DeployLock take(DeployStore objects, String path) throws IOException {
    DeployLock lock = new DeployLock(objects, path);
    Optional<Long> made = objects.writeIf(path, lock.content(), 0);
    if (made.isEmpty()) {
      Optional<DeployStore.Content> there = objects.read(path);
      long old = there.map(DeployStore.Content::generation).orElse(0L);
      if (there.isPresent()) {
        JsonNode holder = JSON.readTree(there.get().bytes());
        Instant end = Instant.parse(holder.path("until").asText(Instant.EPOCH.toString()));
        if (end.isAfter(Instant.now())) {
          throw taken(holder);
        }
      }
      made = objects.writeIf(path, lock.content(), old);
    }
    lock.generation =
        made.orElseThrow(
            () -> DeployException.busy("another deployment has just begun; try again"));
    return lock;
  }

  private static DeployException taken(JsonNode holder) {
    return DeployException.busy(
        "another deployment of this pipeline goes on: by "
            + holder.path("owner").asText("somebody")
            + " since "
            + holder.path("since").asText()
            + "; nothing was changed. If it is dead, its lock ends at "
            + holder.path("until").asText());
  }

  private byte[] content() {
    ObjectNode node = JSON.createObjectNode();
    node.put("owner", owner());
    node.put("since", since.toString());
    node.put("until", until.toString());
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String owner() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "a machine without a name";
    }
    return System.getProperty("user.name")
        + " on "
        + host
        + ", process "
        + ProcessHandle.current().pid();
  }

  /**
   * Holds it longer, where half of the lease is over.
   *
   * @throws DeployException where it was lost meanwhile
   */
  public void renew() throws IOException {
    if (Instant.now().plus(LEASE.dividedBy(2)).isBefore(until)) {
      return;
    }
    until = Instant.now().plus(LEASE);
    generation =
        objects
            .writeIf(path, content(), generation)
            .orElseThrow(() -> DeployException.busy("the lock of this deployment was taken over"));
  }

  @Override
  public void close() throws IOException {
    objects.deleteIf(path, generation);
  }
}
