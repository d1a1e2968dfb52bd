package dev.beamline.io.stream;

import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.util.SerializableUtils;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a job as its project has them now. A runner that restores state makes readers of
 * the sources in that state, as the project was when it was written: with other columns and other
 * settings. Positions are all that they are to go on with.
 */
public final class CurrentSources {

  private CurrentSources() {}

  /** Carries them to the workers. */
  public interface Options extends PipelineOptions {

    /** The name has clusters hide it: consumers may be told passwords. */
    @Description("The streams of the job by their names, serialized.")
    @Default.String("")
    String getStreamSecrets();

    void setStreamSecrets(String streams);
  }

  /** Tells a job which stream it reads. */
  public static void add(PipelineOptions options, String name, java.io.Serializable stream) {
    Options carrier = options.as(Options.class);
    Map<String, String> all = parse(carrier.getStreamSecrets());
    all.put(
        encode(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        encode(SerializableUtils.serializeToByteArray(stream)));
    StringBuilder text = new StringBuilder();
    all.forEach((key, value) -> text.append(key).append('=').append(value).append(' '));
    carrier.setStreamSecrets(text.toString());
  }

  /** The stream of that name; null: the job was not told. */
  public static <T> @Nullable T find(PipelineOptions options, String name, Class<T> type) {
    String stream =
        parse(options.as(Options.class).getStreamSecrets())
            .get(encode(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    return stream == null
        ? null
        : type.cast(
            SerializableUtils.deserializeFromByteArray(
                Base64.getUrlDecoder().decode(stream), "stream " + name));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static Map<String, String> parse(String text) {
    Map<String, String> all = new TreeMap<>();
    for (String part : text.strip().split(" ", -1)) {
      int equal = part.indexOf('=');
      if (equal > 0) {
        all.put(part.substring(0, equal), part.substring(equal + 1));
      }
    }
    return all;
  }
}
