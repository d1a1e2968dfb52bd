package dev.beamline.deploy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notes of deployments in a folder: of two writers one wins. */
class FolderStoreTest {

  @TempDir Path folder;
  private FolderStore store;
  private String path;

  @BeforeEach
  void open() {
    store = new FolderStore(folder.resolve("notes"));
    path = folder.resolve("notes/live/current.json").toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void writesOnlyOnWhatItHasSeen() throws IOException {
    assertEquals(Optional.empty(), store.read(path));
    long first = store.writeIf(path, bytes("one"), 0).orElseThrow();
    assertEquals(Optional.empty(), store.writeIf(path, bytes("two"), 0));
    long second = store.writeIf(path, bytes("two"), first).orElseThrow();
    assertEquals(Optional.empty(), store.writeIf(path, bytes("three"), first));
    store.deleteIf(path, first);
    assertArrayEquals(bytes("two"), store.read(path).orElseThrow().bytes());
    assertEquals(List.of(path), store.list(folder.resolve("notes/live") + "/"));
    store.deleteIf(path, second);
    assertEquals(Optional.empty(), store.read(path));
    assertEquals(List.of(), store.list(folder.resolve("nowhere") + "/"));
  }

  @Test
  void aLockIsHadByOne() throws Exception {
    String lock = folder.resolve("notes/live/lock.json").toString();
    DeployLock held = DeployLock.take(store, lock);
    DeployException refused =
        assertThrows(DeployException.class, () -> DeployLock.take(store, lock).close());
    assertTrue(refused.isForUser());
    assertTrue(refused.getMessage().contains("another deployment"), refused.getMessage());
    held.close();
    DeployLock.take(store, lock).close();
  }

  @Test
  void ofManyAtOnceOneMakesTheObject() throws Exception {
    int writers = 8;
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<Boolean>> made = new java.util.ArrayList<>();
      for (int i = 0; i < writers; i++) {
        byte[] own = bytes("writer " + i);
        made.add(
            threads.submit(
                () -> {
                  start.await();
                  return store.writeIf(path, own, 0).isPresent();
                }));
      }
      start.countDown();
      int winners = 0;
      for (Future<Boolean> one : made) {
        winners += one.get() ? 1 : 0;
      }
      assertEquals(1, winners);
      assertFalse(store.read(path).isEmpty());
    } finally {
      threads.shutdownNow();
    }
  }
}
