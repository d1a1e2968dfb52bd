package dev.beamline.cli;

import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.TextPublisher;
import dev.beamline.io.kafka.KafkaPublisher;
import dev.beamline.io.pubsub.PubsubPublisher;
import dev.beamline.pipeline.run.PubsubNames;
import dev.beamline.pipeline.run.TargetOptions;
import dev.beamline.project.Located;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import dev.beamline.sample.GameEvent;
import dev.beamline.sample.GameGenerator;
import dev.beamline.sample.GameSettings;
import dev.beamline.sample.Roster;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes events of the sample game. */
@Command(
    name = "generate",
    header = "Makes realistic events of the sample game.",
    description = {
      "Out of order, late, twice and broken ones among them, with cheaters; the same seed gives the",
      "same events. They are written as one JSON object a line, in the order of their arrival."
    },
    footer = {
      "  beamline generate > events.ndjson",
      "  beamline generate --events 1000000 --days 30 --out data/game_events.ndjson",
      "  beamline generate --rate 100 --events 6000     # a minute of live traffic",
      "  beamline generate --rate 500 --to pubsub:projects/demo/topics/game-events",
      "  beamline generate --rate 500 --to kafka:localhost:9092/game-events"
    })
final class GenerateCommand extends BaseCommand {

  private static final String KAFKA = "kafka:";
  private static final String PUBSUB = "pubsub:";
  private static final Place NOWHERE = Place.ofFile("--to");

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "Roughly how many. Default: ${DEFAULT-VALUE}.",
      defaultValue = "24000")
  private long events;

  @Option(
      names = "--days",
      paramLabel = "N",
      description = "Over how many days of event time. Default: ${DEFAULT-VALUE}.",
      defaultValue = "5")
  private int days;

  @Option(
      names = "--players",
      paramLabel = "N",
      description = "How many players, at least 10. Default: ${DEFAULT-VALUE}.",
      defaultValue = "300")
  private int players;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Another seed gives other events. Default: ${DEFAULT-VALUE}.",
      defaultValue = "1")
  private long seed;

  @Option(
      names = "--start",
      paramLabel = "DATE",
      description = "The first day. Default: ${DEFAULT-VALUE}.",
      defaultValue = "2026-01-05")
  private String start = "";

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Write so many events a second. Default: as fast as it goes.",
      defaultValue = "0")
  private double rate;

  @Option(names = "--out", paramLabel = "FILE", description = "Default: standard output.")
  private @Nullable Path file;

  @Option(
      names = "--to",
      paramLabel = "SYSTEM",
      description = {
        "Publish them: kafka:HOST:PORT/TOPIC, pubsub:projects/PROJECT/topics/TOPIC, or pubsub:TOPIC in",
        "the target's project.",
        "The target's options tell where Pub/Sub is, else PUBSUB_EMULATOR_HOST."
      })
  private @Nullable String to;

  @Option(
      names = "--players-out",
      paramLabel = "FILE",
      description = "Also write the table of players, as CSV.")
  private @Nullable Path playersFile;

  @Override
  public Integer call() throws IOException, InterruptedException {
    GameGenerator generator = new GameGenerator(settings());
    if (playersFile != null) {
      makeParent(playersFile);
      Files.writeString(playersFile, Roster.csv(generator.players()), StandardCharsets.UTF_8);
    }
    long written = 0;
    long began = System.nanoTime();
    if (to != null) {
      return publish(generator, to);
    }
    if (file == null) {
      while (generator.hasNext() && !out().checkError()) {
        out().write(generator.next().json() + "\n");
        pace(++written, began);
      }
      out().flush();
    } else {
      makeParent(file);
      try (BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
        while (generator.hasNext()) {
          GameEvent event = generator.next();
          writer.write(event.json());
          writer.write('\n');
          pace(++written, began);
          if (rate > 0) {
            writer.flush();
          }
        }
      }
      err().println(written + " events in " + file);
    }
    return ExitCode.OK;
  }

  private int publish(GameGenerator generator, String system)
      throws IOException, InterruptedException {
    if (file != null) {
      throw usage("--to and --out are two places: give one");
    }
    long written = 0;
    long began = System.nanoTime();
    try (TextPublisher publisher = publisher(system)) {
      while (generator.hasNext()) {
        publisher.publish(generator.next().json());
        written++;
        if (rate > 0 && written % Math.max(1, (long) (rate / 10)) == 0) {
          publisher.flush();
          pace(written, began);
        }
      }
    }
    err().println(written + " events published to " + system);
    return ExitCode.OK;
  }

  private TextPublisher publisher(String system) throws IOException {
    int topic = system.lastIndexOf('/');
    if (system.startsWith(KAFKA) && topic > KAFKA.length() && topic < system.length() - 1) {
      return new KafkaPublisher(
          system.substring(KAFKA.length(), topic), system.substring(topic + 1));
    } else if (!system.startsWith(PUBSUB)) {
      throw usage(
          "--to \""
              + system
              + "\" is neither pubsub:projects/PROJECT/topics/TOPIC nor kafka:HOST:PORT/TOPIC");
    }
    Problems problems = new Problems();
    Target target = target(problems);
    String name =
        PubsubNames.of(
            "topics", new Located<>(system.substring(PUBSUB.length()), NOWHERE), target, problems);
    problems.throwIfErrors();
    PipelineOptions options = TargetOptions.of(target);
    String emulator = System.getenv("PUBSUB_EMULATOR_HOST");
    if (emulator != null && !target.common().options().containsKey("pubsubRootUrl")) {
      options.as(PubsubOptions.class).setPubsubRootUrl("http://" + emulator);
      options.as(GcpOptions.class).setCredentialFactoryClass(NoopCredentialFactory.class);
    }
    return new PubsubPublisher(options, name);
  }

  /** The target that was named; without one no project is needed. */
  private Target target(Problems problems) {
    if (targetName() == null) {
      return new Target.Direct(new Target.Common("local", NOWHERE, null, null, Map.of()));
    }
    Project project = ProjectLoader.read(projectDir(), problems);
    problems.throwIfErrors();
    return project.target(targetName());
  }

  private GameSettings settings() {
    if (rate < 0) {
      throw usage("--rate must not be negative");
    }
    if (days < 1) {
      throw usage("--days must be at least 1");
    }
    try {
      Instant first = LocalDate.parse(start).atStartOfDay(ZoneOffset.UTC).toInstant();
      return new GameSettings(seed, players, first, Duration.ofDays(days), events);
    } catch (DateTimeParseException e) {
      throw usage("--start \"" + start + "\" is not a date such as 2026-01-05");
    } catch (IllegalArgumentException e) {
      throw usage("--" + e.getMessage());
    }
  }

  private void pace(long written, long began) throws InterruptedException {
    if (rate > 0) {
      out().flush();
      long due = began + (long) (written / rate * 1e9);
      long wait = (due - System.nanoTime()) / 1_000_000;
      if (wait > 0) {
        Thread.sleep(wait);
      }
    }
  }

  private static void makeParent(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
  }
}
