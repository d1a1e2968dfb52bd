package dev.beamline.pipeline.run;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Table;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.SourceProvider;
import dev.beamline.io.files.FilesRead;
import dev.beamline.io.files.FilesSource;
import dev.beamline.io.files.FilesStream;
import dev.beamline.io.files.RefreshedFiles;
import dev.beamline.io.files.StreamPace;
import dev.beamline.io.files.VersionFiles;
import dev.beamline.io.format.CsvOptions;
import dev.beamline.io.format.FileFormat;
import dev.beamline.io.jdbc.JdbcSource;
import dev.beamline.io.jdbc.JdbcTable;
import dev.beamline.io.kafka.KafkaRead;
import dev.beamline.io.kafka.KafkaSource;
import dev.beamline.io.kafka.KafkaStream;
import dev.beamline.project.Format;
import dev.beamline.project.Located;
import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Project;
import dev.beamline.project.Source;
import dev.beamline.project.SourceSystem;
import dev.beamline.project.SourceTables;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the readers of a project's sources. */
public final class ProjectSources {

  /** Parts that copies are looked for in: few, since on this runner each costs a bundle. */
  private static final int SHARDS = 4;

  /** The same in a stream, where bundles are many and small. */
  private static final int STREAM_SHARDS = 1;

  /** The same of services, whose runners have many workers. */
  private static final int SERVICE_SHARDS = 64;

  /** Bytes of rows that a worker holds in memory while it looks for copies in bounded input. */
  private static final long MOST_HELD = 32L << 20;

  private ProjectSources() {}

  /**
   * The reader of a source for a run; empty where it cannot be read there, which is reported.
   *
   * @param run the id under which its stream can be drained
   * @param problems gets what is wrong with it
   */
  static Optional<SourceProvider> provider(
      RunSettings settings, Source source, String run, Problems problems) {
    return read(settings, source, run, problems)
        .map(
            provider ->
                source.byEventTime() ? versioned(provider, settings, source, problems) : provider);
  }

  private static SourceProvider versioned(
      SourceProvider table, RunSettings settings, Source source, Problems problems) {
    if (settings.mode() != Mode.STREAMING || !goesOn(settings)) {
      return new VersionedSource(table, null);
    }
    String folder = VersionFolder.of(settings, source.name());
    if (folder == null) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.MISSING_KEY,
              source.place(),
              "source "
                  + source.name()
                  + " has join_version: event_time, and target "
                  + settings.target().name()
                  + " names no place where versions outlive a restart",
              "add savepoint_path: to the target, a folder that all machines see"));
    }
    return new VersionedSource(table, folder == null ? null : new VersionFiles(folder));
  }

  private static Optional<SourceProvider> read(
      RunSettings settings, Source source, String run, Problems problems) {
    boolean samples = settings.samples() || settings.target().common().warehouse() != null;
    boolean asFiles = asFiles(settings, source);
    if (!asFiles && source.system() instanceof SourceSystem.Kafka kafka) {
      return kafka(settings, source, kafka, run, problems);
    }
    if (!asFiles && source.system() instanceof SourceSystem.Jdbc jdbc) {
      return jdbc(settings, source, jdbc, problems);
    }
    // A local target that says where services are means them where there is no sample.
    if (!asFiles
        && (settings.target().common().warehouse() == null
            || !settings.target().common().options().isEmpty())) {
      Optional<SourceProvider> service =
          ServiceSources.of(settings.target(), source, settings.mode() == Mode.STREAMING, problems);
      if (service.isPresent()) {
        SourceTables.of(source, problems);
        return service.map(
            reader ->
                withoutCopies(
                    settings, reader, source, SourceTables.schema(source), SERVICE_SHARDS));
      }
    }
    Optional<FilesSource> files =
        files(settings.project(), source, settings.inputs().get(source.name()), samples, problems);
    if (files.isEmpty()) {
      return Optional.empty();
    }
    boolean asStream =
        settings.mode() == Mode.STREAMING
            && files.get().eventTime() != null
            && source.refresh() == null;
    SourceProvider reader;
    if (asStream) {
      Duration late = source.watermark().maxOutOfOrderness();
      StreamPace unlimited = StreamPace.unlimited(late);
      reader =
          new FilesStream(
              files.get(),
              settings.speed() == 0
                  ? unlimited
                  : new StreamPace(
                      late,
                      0,
                      settings.speed(),
                      unlimited.recordsAtOnce(),
                      source.watermark().idleTimeout()),
              run);
    } else if (settings.mode() == Mode.STREAMING && source.refresh() != null && goesOn(settings)) {
      reader = new RefreshedFiles(files.get(), source.refresh());
    } else {
      reader = new FilesRead(files.get());
    }
    return Optional.of(
        withoutCopies(settings, reader, source, files.get().columns(), localShards(reader)));
  }

  /** Whether a stream takes its time, so that its tables change meanwhile. */
  private static boolean goesOn(RunSettings settings) {
    return settings.speed() > 0
        || settings.target().common().warehouse() == null
        || settings.project().sources().values().stream()
            .anyMatch(s -> !s.bounded() && !asFiles(settings, s));
  }

  /** Whether files stand for the source in this run. */
  static boolean asFiles(RunSettings settings, Source source) {
    return settings.inputs().containsKey(source.name())
        || settings.samples()
        || (settings.target().common().warehouse() != null && source.sample() != null);
  }

  private static Optional<SourceProvider> kafka(
      RunSettings settings,
      Source source,
      SourceSystem.Kafka kafka,
      String run,
      Problems problems) {
    Table table = SourceTables.of(source, problems);
    if (table == null) {
      return Optional.empty();
    }
    TargetSecrets secrets = new TargetSecrets(settings.target());
    KafkaSource topic =
        new KafkaSource(
            source.name(),
            kafka.bootstrapServers(),
            kafka.topic().value(),
            FileFormat.valueOf(kafka.format().name()),
            table.schema(),
            kafka.keyColumn() == null ? null : kafka.keyColumn().value(),
            kafka.headers(),
            source.eventTime() == null ? null : source.eventTime().value(),
            kafka.fromLatest(),
            kafka.groupId(),
            source.watermark().maxOutOfOrderness(),
            source.watermark().idleTimeout(),
            secrets.resolve(kafka.consumerConfig(), kafka.topic().place()),
            kafka.topic().place());
    return Optional.of(
        withoutCopies(
            settings,
            settings.mode() == Mode.BATCH ? new KafkaRead(topic) : new KafkaStream(topic, run),
            source,
            table.schema(),
            SERVICE_SHARDS));
  }

  private static Optional<SourceProvider> jdbc(
      RunSettings settings, Source source, SourceSystem.Jdbc jdbc, Problems problems) {
    Table table = SourceTables.of(source, problems);
    if (table == null) {
      return Optional.empty();
    }
    TargetSecrets secrets = new TargetSecrets(settings.target());
    Place place = jdbc.from().text().place();
    JdbcTable from =
        new JdbcTable(
            source.name(),
            jdbc.url().value(),
            jdbc.username() == null ? null : secrets.resolve(jdbc.username(), place),
            jdbc.password() == null ? null : secrets.resolve(jdbc.password(), place),
            jdbc.from().table(),
            jdbc.from().query(),
            table.schema(),
            place);
    return Optional.of(
        withoutCopies(
            settings,
            new JdbcSource(from, settings.mode() == Mode.STREAMING ? source.refresh() : null),
            source,
            table.schema(),
            SHARDS));
  }

  /**
   * The source without its copies, where it says how they are told and has an event time.
   *
   * @param columns all that it has
   * @param memory how long a record of a stream is remembered behind the time within which copies
   *     are told
   */
  public static SourceProvider withoutCopies(
      SourceProvider reader, Source source, Schema columns, Duration memory) {
    return withoutCopies(reader, source, columns, memory, localShards(reader), MOST_HELD);
  }

  /** Likewise, in a run. */
  private static SourceProvider withoutCopies(
      RunSettings settings, SourceProvider reader, Source source, Schema columns, int shards) {
    Duration memory =
        CopyMemory.of(
            settings.queries().stream().map(settings::plan).toList(),
            settings.project().queries().values());
    // Elsewhere the runner itself holds them, and workers have no files in common.
    long mostHeld = settings.target().hasWorkers() ? Long.MAX_VALUE : MOST_HELD;
    return withoutCopies(reader, source, columns, memory, shards, mostHeld);
  }

  private static int localShards(SourceProvider reader) {
    return reader.bounded() ? SHARDS : STREAM_SHARDS;
  }

  /**
   * Likewise.
   *
   * @param shards how many parts the keys are spread over
   * @param mostHeld bytes of bounded input that a worker holds in memory
   */
  private static SourceProvider withoutCopies(
      SourceProvider reader,
      Source source,
      Schema columns,
      Duration memory,
      int shards,
      long mostHeld) {
    Source.Deduplication deduplicate = source.deduplicate();
    Located<String> eventTime = source.eventTime();
    if (deduplicate == null || eventTime == null) {
      return reader;
    }
    return new DeduplicatedSource(
        reader,
        columns,
        eventTime.value(),
        deduplicate.by().stream().map(Located::value).toList(),
        deduplicate.within(),
        memory,
        shards,
        mostHeld);
  }

  /**
   * The files that stand for a source: the given input, else its sample, else its own where it is
   * made of files.
   *
   * @param input a path that is read instead; null: none
   * @param samples whether a sample may stand for the source
   */
  public static Optional<FilesSource> files(
      Project project, Source source, @Nullable String input, boolean samples, Problems problems) {
    Table table = SourceTables.of(source, problems);
    if (table == null) {
      return Optional.empty();
    }
    String path = null;
    Place place = source.place();
    Format format = null;
    CsvOptions csv = CsvOptions.DEFAULT;
    if (source.system() instanceof SourceSystem.Files files) {
      path = files.path().value();
      place = files.path().place();
      format = files.format();
      csv = csv(files.csv());
    }
    if (input != null) {
      path = input;
      format = Format.ofPath(input).orElse(format);
    } else if (source.sample() != null && (samples || path == null)) {
      path = source.sample().value();
      place = source.sample().place();
      format = Format.ofPath(path).orElse(format);
    }
    if (path == null) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.MISSING_KEY,
              source.place(),
              "source "
                  + source.name()
                  + " is a "
                  + source.system().type()
                  + " source and has no sample, so there is nothing to read here",
              "add sample: PATH to it, or give --input "
                  + source.name()
                  + "=PATH"
                  + elsewhere(project)));
      return Optional.empty();
    }
    String resolved =
        Project.isRemote(path) || input != null ? path : project.resolve(path).toString();
    return Optional.of(
        new FilesSource(
            source.name(),
            List.of(resolved),
            FileFormat.valueOf(format == null ? Format.JSON.name() : format.name()),
            table.schema(),
            source.eventTime() == null ? null : source.eventTime().value(),
            csv,
            place));
  }

  /** The targets that read services. */
  private static String elsewhere(Project project) {
    String targets =
        project.targets().values().stream()
            .filter(target -> target.common().warehouse() == null)
            .map(target -> "--target " + target.name())
            .collect(Collectors.joining(" or "));
    return targets.isEmpty() ? "" : ", or read it where it is: " + targets;
  }

  private static CsvOptions csv(SourceSystem.CsvOptions options) {
    return new CsvOptions(options.delimiter(), options.header(), true, options.nullValue());
  }
}
