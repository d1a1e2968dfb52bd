package dev.beamline.io.duckdb;

import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster's process loads this program once for each job; a database is open in one of them. */
class DatabaseCopiesTest {

  @TempDir Path folder;

  private static URLClassLoader copy() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(new File(entry).toURI().toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private Object file(ClassLoader copy) throws ReflectiveOperationException {
    Method of = copy.loadClass(DatabaseFile.class.getName()).getDeclaredMethod("of", Path.class);
    of.setAccessible(true);
    return of.invoke(null, folder.resolve("w.duckdb"));
  }

  private static AutoCloseable lease(Object file, Duration patience) throws Exception {
    Method lease = file.getClass().getDeclaredMethod("lease", Duration.class);
    lease.setAccessible(true);
    try {
      return (AutoCloseable) lease.invoke(file, patience);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof IOException told ? told : e;
    }
  }

  @Test
  void oneCopyWaitsForTheOther() throws Exception {
    try (URLClassLoader first = copy();
        URLClassLoader second = copy()) {
      Object one = file(first);
      Object other = file(second);
      assertNotSame(one.getClass(), other.getClass());
      AutoCloseable held = lease(one, Duration.ofSeconds(30));
      IOException refused =
          assertThrows(IOException.class, () -> lease(other, Duration.ofMillis(100)));
      assertTrue(refused.getMessage().contains("is held by another"), refused.getMessage());
      held.close();
      lease(other, Duration.ofSeconds(30)).close();
      // And back: nobody keeps what it has given up.
      lease(one, Duration.ofSeconds(30)).close();
    }
  }
}
