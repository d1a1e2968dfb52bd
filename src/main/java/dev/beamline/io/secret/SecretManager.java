package dev.beamline.io.secret;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.auth.oauth2.GoogleCredentials;
import dev.beamline.diagnostic.Secrets;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Google's Secret Manager over REST. A value is asked for once, and remembered as what must not be
 * shown.
 */
public final class SecretManager {

  /** Another root than Google's, such as {@code http://127.0.0.1:8090} of a stand-in. */
  public static final String ENDPOINT_VARIABLE = "SECRET_MANAGER_ENDPOINT";

  private static final String GOOGLE = "https://secretmanager.googleapis.com";
  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
  private static final Pattern NAME =
      Pattern.compile(
          "(?:projects/([a-z0-9.:-]+)/secrets/)?([A-Za-z0-9_-]+)(?:/versions/([A-Za-z0-9_-]+))?");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI root;
  private final @Nullable String project;
  private final Map<String, String> known = new ConcurrentHashMap<>();

  /**
   * A client.
   *
   * @param endpoint null: Google's own
   * @param project of names without one; null: they are refused
   */
  public SecretManager(@Nullable String endpoint, @Nullable String project) {
    this.root = URI.create(endpoint == null || endpoint.isBlank() ? GOOGLE : endpoint);
    this.project = project;
  }

  /**
   * The value of a secret.
   *
   * @param name {@code NAME}, or with {@code projects/P/secrets/} before and {@code /versions/V}
   *     behind it; the latest version where it names none
   * @throws IOException where there is none, or it may not be read; tells the name
   */
  public String value(String name) throws IOException {
    String value = known.get(name);
    if (value == null) {
      value = access(path(name), name);
      Secrets.remember(value);
      known.put(name, value);
    }
    return value;
  }

  private String path(String name) throws IOException {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new IOException(
          "\"" + name + "\" names no secret: write NAME or projects/P/secrets/NAME/versions/V");
    }
    String of = matcher.group(1) != null ? matcher.group(1) : project;
    if (of == null) {
      throw new IOException(
          "the secret "
              + name
              + " has no project: write projects/P/secrets/"
              + matcher.group(2)
              + ", or options: {project: P} of the target");
    }
    String version = matcher.group(3) == null ? "latest" : matcher.group(3);
    return "/v1/projects/" + of + "/secrets/" + matcher.group(2) + "/versions/" + version;
  }

  private String access(String path, String name) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(root.resolve(path + ":access")).timeout(PATIENCE);
    if (!LOOPBACK.contains(String.valueOf(root.getHost()))) {
      credentials().forEach((header, values) -> values.forEach(v -> request.header(header, v)));
    }
    HttpResponse<String> response;
    try {
      response =
          HttpClient.newBuilder()
              .connectTimeout(PATIENCE)
              .build()
              .send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IOException("the secret " + name + ": " + root + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading the secret " + name, e);
    }
    if (response.statusCode() != 200) {
      throw new IOException(
          "the secret " + name + " cannot be read: " + reason(response.statusCode()));
    }
    // What cannot be parsed is not told: it may hold the secret.
    JsonNode data = JSON.readTree(response.body()).path("payload").path("data");
    return new String(Base64.getDecoder().decode(data.asText()), StandardCharsets.UTF_8);
  }

  private static String reason(int status) {
    return switch (status) {
      case 401, 403 -> "these credentials may not (roles/secretmanager.secretAccessor is needed)";
      case 404 -> "there is no such secret or version";
      default -> "Secret Manager answers " + status;
    };
  }

  private static Map<String, List<String>> credentials() throws IOException {
    return GoogleCredentials.getApplicationDefault().createScoped(SCOPE).getRequestMetadata();
  }
}
