package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.diagnostic.Problems;
import dev.beamline.io.kafka.KafkaBroker;
import dev.beamline.pipeline.run.ProjectRun;
import dev.beamline.pipeline.run.RunSettings;
import dev.beamline.project.Project;
import dev.beamline.sql.CompiledProject;
import dev.beamline.sql.ProjectCompiler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream that is stopped while its tasks still start. */
final class StoppedRunTest {

  @TempDir Path data;
  @TempDir Path folder;

  @Test
  void aStreamThatIsStoppedBeforeItWorksEndsInGoodOrder() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(data);
        KafkaProducer<byte[], byte[]> producer = broker.producer()) {
      broker.topic("trips", 1);
      byte[] value = "{\"ts\":\"2026-05-01T00:00:00Z\"}".getBytes(StandardCharsets.UTF_8);
      producer.send(new ProducerRecord<>("trips", value)).get();
      ProjectRun run = run(broker);
      assertTrue(run.stop());
      run.run(ledger -> {});
      assertTrue(run.resumePoint().orElseThrow().newest().isPresent());
    }
  }

  private ProjectRun run(KafkaBroker broker) throws Exception {
    Files.createDirectories(folder.resolve("queries"));
    Files.writeString(
        folder.resolve("queries/hours.sql"),
        "SELECT COUNT(*) AS n FROM trips GROUP BY TUMBLE(ts, INTERVAL 1 HOUR)");
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: taxi
        sources:
          trips:
            type: kafka
            bootstrap_servers: %s
            topic: trips
            columns: {ts: {type: TIMESTAMP, required: true}}
            event_time: ts
        pipelines:
          live: {mode: streaming, queries: ["*"]}
        targets:
          local: {runner: flink, warehouse: w.duckdb, checkpoint_every: 1h, parallelism: 2}
        """
            .formatted(broker.servers()));
    Problems problems = new Problems();
    Project project = ProjectLoader.read(folder, problems);
    CompiledProject compiled = ProjectCompiler.compile(project, List.of("hours"), true, problems);
    problems.throwIfErrors();
    return new ProjectRun(
        new RunSettings(
            project,
            project.target("local"),
            "live",
            project.pipeline("live").mode(),
            compiled.plans(),
            List.of("hours"),
            Map.of(),
            0,
            false,
            false,
            null));
  }
}
