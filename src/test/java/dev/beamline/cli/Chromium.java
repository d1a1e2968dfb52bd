package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Debian's chromium without a window. Where it is absent the test is skipped; .ci/run installs the
 * packages chromium and chromium-driver.
 */
final class Chromium implements AutoCloseable {

  private static final Path BROWSER = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final ChromeDriver driver;
  private final List<String> requests = new ArrayList<>();

  private Chromium(ChromeDriver driver) {
    this.driver = driver;
  }

  static Chromium start() {
    assumeTrue(
        Files.isExecutable(BROWSER) && Files.isExecutable(DRIVER),
        "skipped: apt-get install chromium chromium-driver");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(BROWSER.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--window-size=1300,1000");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .build();
    ChromeDriver driver = new ChromeDriver(service, options);
    driver.manage().timeouts().scriptTimeout(PATIENCE);
    return new Chromium(driver);
  }

  void open(String url) {
    driver.get("about:blank");
    // What a page before this one complained of, such as a server that was stopped under it.
    driver.manage().logs().get(LogType.BROWSER);
    driver.manage().logs().get(LogType.PERFORMANCE);
    requests.clear();
    driver.get(url);
  }

  void size(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
  }

  WebElement find(String css) {
    return until("an element " + css, () -> all(css).stream().findFirst().orElse(null));
  }

  List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  /** All text that can be seen. */
  String text() {
    return find("body").getText();
  }

  Object script(String script) {
    return driver.executeScript(script);
  }

  byte[] screenshot() {
    return driver.getScreenshotAs(OutputType.BYTES);
  }

  void awaitText(String text) {
    until("the text \"" + text + "\" in: " + text(), () -> text().contains(text) ? text : null);
  }

  /** Waits until something is there; null: not yet. Elements that go meanwhile are asked again. */
  <T> T until(String what, Supplier<T> found) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      try {
        T result = found.get();
        if (result != null) {
          return result;
        }
        Thread.sleep(50);
      } catch (org.openqa.selenium.StaleElementReferenceException e) {
        continue;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new AssertionError("waited in vain for " + what);
  }

  /** How many charts have drawn something. */
  long drawnCharts() {
    return (Long)
        script(
            "return [...document.querySelectorAll('canvas')].filter((c) => { const blank ="
                + " document.createElement('canvas'); blank.width = c.width; blank.height ="
                + " c.height; return c.offsetParent !== null && c.width > 0 && c.toDataURL() !=="
                + " blank.toDataURL(); }).length");
  }

  /** Nothing was complained of, and nobody but the page's own host was asked. */
  void assertQuiet() throws IOException {
    List<String> complaints =
        driver.manage().logs().get(LogType.BROWSER).getAll().stream()
            .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
            .map(entry -> entry.getMessage())
            .toList();
    assertEquals(List.of(), complaints);
    for (var entry : driver.manage().logs().get(LogType.PERFORMANCE).getAll()) {
      JsonNode message = new ObjectMapper().readTree(entry.getMessage()).path("message");
      if (message.path("method").asText().equals("Network.requestWillBeSent")) {
        requests.add(message.path("params").path("request").path("url").asText());
      }
    }
    assertEquals(List.of(), requests.stream().filter(Chromium::isForeign).toList());
  }

  /** The requests of the page so far, as {@link #assertQuiet} saw them. */
  List<String> requests() {
    return requests;
  }

  private static boolean isForeign(String url) {
    if (url.startsWith("data:") || url.startsWith("file:") || url.startsWith("about:")) {
      return false;
    }
    String host = URI.create(url).getHost();
    return !"127.0.0.1".equals(host) && !"localhost".equals(host);
  }

  /** axe finds nothing serious on the page as it is. */
  void assertAccessible() throws IOException {
    try (InputStream in = Chromium.class.getResourceAsStream("/axe.min.js")) {
      driver.executeScript(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    Object found =
        driver.executeAsyncScript(
            "const done = arguments[0]; axe.run(document, {preload: false}).then((r) => done(r.violations"
                + ".filter((v) => v.impact === 'serious' || v.impact === 'critical')"
                + ".map((v) => v.id + ': ' + v.help + ' at ' + v.nodes.map((n) => n.html + ' '"
                + " + n.failureSummary).join(' | '))), (e) => done(['axe failed: ' + e]))");
    assertEquals(List.of(), found);
  }

  Map<?, ?> map(String script) {
    return (Map<?, ?>) script(script);
  }

  @Override
  public void close() {
    driver.quit();
  }
}
