package dev.beamline.report.lsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionParams;
import org.eclipse.lsp4j.DefinitionParams;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.MessageActionItem;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.PrepareRenameParams;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.RenameFile;
import org.eclipse.lsp4j.RenameParams;
import org.eclipse.lsp4j.ShowMessageRequestParams;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextDocumentItem;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.VersionedTextDocumentIdentifier;
import org.eclipse.lsp4j.WorkspaceEdit;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.LanguageServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Speaks the protocol with a server as an editor does, over streams. */
final class LanguageServerTest {

  private static final String YAML =
      """
      sources:
        events:
          type: files
          path: events.ndjson
          format: json
          description: What players did.
          columns:
            team: {type: STRING, description: Which of the five teams.}
            score: INT64
            ts: TIMESTAMP
            item: STRUCT<id STRING, price NUMERIC>
          event_time: ts
      queries:
        hourly:
          description: Points of each team.
          owner: game@example.com
      pipelines:
        all: {mode: batch, queries: [hourly, best]}
      """;

  private static final String HOURLY =
      "SELECT team, SUM(score) AS total\nFROM events\nGROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)\n";

  private static final String BEST =
      "SELECT hourly.team, MAX(hourly.total) AS best -- hourly\nFROM hourly\nGROUP BY team\n";

  @TempDir private Path project;

  private final Map<String, List<Diagnostic>> told = new ConcurrentHashMap<>();
  private LanguageServer server;
  private CompletableFuture<Integer> served;
  private int version;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectories(project.resolve("queries"));
    Files.createDirectories(project.resolve("tests"));
    Files.writeString(project.resolve("events.ndjson"), "{}\n");
    Files.writeString(project.resolve("pipelines.yaml"), YAML);
    Files.writeString(project.resolve("queries/hourly.sql"), HOURLY);
    Files.writeString(project.resolve("queries/best.sql"), BEST);
    Files.writeString(
        project.resolve("tests/hourly.yaml"),
        "query: hourly\ntests:\n  - name: nothing\n    steps: []\n");
    PipedInputStream toServer = new PipedInputStream(1 << 16);
    PipedInputStream toClient = new PipedInputStream(1 << 16);
    PipedOutputStream fromClient = new PipedOutputStream(toServer);
    PipedOutputStream fromServer = new PipedOutputStream(toClient);
    served =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return BeamlineLanguageServer.serve(project, toServer, fromServer);
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    Launcher<LanguageServer> launcher =
        LSPLauncher.createClientLauncher(new Editor(), toClient, fromClient);
    launcher.startListening();
    server = launcher.getRemoteProxy();
    InitializeParams params = new InitializeParams();
    assertTrue(
        server
            .initialize(params)
            .get(20, TimeUnit.SECONDS)
            .getCapabilities()
            .getHoverProvider()
            .getLeft());
  }

  @AfterEach
  void stop() throws Exception {
    if (served.isDone()) {
      return;
    }
    server.shutdown().get(20, TimeUnit.SECONDS);
    server.exit();
  }

  /** What the server tells. */
  private final class Editor implements LanguageClient {
    @Override
    public void publishDiagnostics(PublishDiagnosticsParams params) {
      Path file = Path.of(java.net.URI.create(params.getUri()));
      synchronized (told) {
        told.put(project.relativize(file).toString(), params.getDiagnostics());
        told.notifyAll();
      }
    }

    @Override
    public void telemetryEvent(Object object) {}

    @Override
    public void showMessage(MessageParams params) {}

    @Override
    public CompletableFuture<MessageActionItem> showMessageRequest(
        ShowMessageRequestParams params) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void logMessage(MessageParams message) {}
  }

  private String uri(String file) {
    return project.resolve(file).toUri().toString();
  }

  private void open(String file, String text) {
    server
        .getTextDocumentService()
        .didOpen(
            new DidOpenTextDocumentParams(new TextDocumentItem(uri(file), "sql", ++version, text)));
  }

  private void change(String file, String text) {
    server
        .getTextDocumentService()
        .didChange(
            new DidChangeTextDocumentParams(
                new VersionedTextDocumentIdentifier(uri(file), ++version),
                List.of(new TextDocumentContentChangeEvent(text))));
  }

  private List<Diagnostic> wait(String file, boolean wrong) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    synchronized (told) {
      while (System.nanoTime() < end) {
        List<Diagnostic> found = told.get(file);
        if (found != null && found.isEmpty() != wrong) {
          return found;
        }
        told.wait(200);
      }
    }
    throw new AssertionError("nothing was told of " + file + ": " + told);
  }

  /** The position of a mark in a text: {@code |}. */
  private static Position at(String marked) {
    String before = marked.substring(0, marked.indexOf('|'));
    int line = (int) before.chars().filter(c -> c == '\n').count();
    return new Position(line, before.length() - before.lastIndexOf('\n') - 1);
  }

  private Map<String, CompletionItem> complete(String file, String marked) throws Exception {
    open(file, marked.replace("|", ""));
    return server
        .getTextDocumentService()
        .completion(new CompletionParams(new TextDocumentIdentifier(uri(file)), at(marked)))
        .get(20, TimeUnit.SECONDS)
        .getLeft()
        .stream()
        .collect(Collectors.toMap(CompletionItem::getLabel, item -> item, (a, b) -> a));
  }

  private String hover(String file, String marked) throws Exception {
    open(file, marked.replace("|", ""));
    Hover hover =
        server
            .getTextDocumentService()
            .hover(new HoverParams(new TextDocumentIdentifier(uri(file)), at(marked)))
            .get(20, TimeUnit.SECONDS);
    return hover == null ? null : hover.getContents().getRight().getValue();
  }

  private String definition(String file, String marked) throws Exception {
    open(file, marked.replace("|", ""));
    List<? extends Location> found =
        server
            .getTextDocumentService()
            .definition(new DefinitionParams(new TextDocumentIdentifier(uri(file)), at(marked)))
            .get(20, TimeUnit.SECONDS)
            .getLeft();
    return found.stream()
        .map(
            l ->
                project.relativize(Path.of(java.net.URI.create(l.getUri())))
                    + ":"
                    + (l.getRange().getStart().getLine() + 1))
        .collect(Collectors.joining(","));
  }

  @Test
  void tellsMistakesOfWhatIsNotSavedYet() throws Exception {
    open("queries/hourly.sql", HOURLY);
    change("queries/hourly.sql", HOURLY.replace("SUM(score)", "SUM(scor)"));
    Diagnostic wrong = wait("queries/hourly.sql", true).get(0);
    assertEquals("SQL_UNKNOWN_COLUMN", wrong.getCode().getLeft());
    assertTrue(wrong.getMessage().contains("score"), wrong.getMessage());
    assertEquals(new Position(0, 17), wrong.getRange().getStart());
    assertEquals(new Position(0, 21), wrong.getRange().getEnd());
    change("queries/hourly.sql", HOURLY);
    wait("queries/hourly.sql", false);
  }

  @Test
  void tellsMistakesOfYamlAsValidateDoes() throws Exception {
    open("pipelines.yaml", YAML.replace("owner:", "ownr:"));
    Diagnostic wrong = wait("pipelines.yaml", true).get(0);
    assertEquals("UNKNOWN_KEY", wrong.getCode().getLeft());
    assertTrue(wrong.getMessage().contains("owner"), wrong.getMessage());
  }

  @Test
  void countsColumnsAsTheEditorDoes() throws Exception {
    open("queries/hourly.sql", "SELECT '👾' AS a, nothing FROM events");
    Diagnostic wrong = wait("queries/hourly.sql", true).get(0);
    assertEquals(new Position(0, 18), wrong.getRange().getStart());
  }

  @Test
  void completesTablesColumnsAndFunctions() throws Exception {
    Map<String, CompletionItem> tables = complete("queries/best.sql", "SELECT 1 FROM |");
    assertTrue(tables.containsKey("events") && tables.containsKey("hourly"), tables.toString());
    assertFalse(tables.containsKey("SUM"));
    Map<String, CompletionItem> columns =
        complete("queries/best.sql", "SELECT | FROM events WHERE score > 1");
    assertEquals("INT64  events", columns.get("score").getDetail());
    assertEquals("Which of the five teams.", columns.get("team").getDocumentation().getLeft());
    assertEquals("aggregate", columns.get("SUM").getDetail());
    assertEquals("window", columns.get("TUMBLE").getDetail());
    Map<String, CompletionItem> fields =
        complete("queries/best.sql", "SELECT e.item.| FROM events AS e");
    assertEquals(List.of("id", "price"), fields.keySet().stream().sorted().toList());
    Map<String, CompletionItem> results = complete("queries/best.sql", "SELECT h.| FROM hourly h");
    assertEquals("INT64", results.get("total").getDetail());
    assertTrue(results.containsKey("window_start"));
  }

  @Test
  void completesKeysAndValuesOfYaml() throws Exception {
    Map<String, CompletionItem> keys =
        complete("pipelines.yaml", YAML.replace("    owner: game@example.com", "    |"));
    assertTrue(keys.containsKey("windowing") && keys.containsKey("chart"), keys.toString());
    assertFalse(keys.containsKey("description"), "it is there already");
    assertTrue(keys.get("owner").getDocumentation().getLeft().contains("Whom"));
    Map<String, CompletionItem> values =
        complete("pipelines.yaml", YAML.replace("owner: game@example.com", "chart: |"));
    assertTrue(values.keySet().containsAll(List.of("line", "bar", "table")), values.toString());
    Map<String, CompletionItem> names =
        complete("pipelines.yaml", YAML.replace("[hourly, best]", "[hourly, |]"));
    assertTrue(names.keySet().containsAll(List.of("hourly", "best")), names.toString());
    Map<String, CompletionItem> top = complete("pipelines.yaml", YAML + "|");
    assertTrue(top.containsKey("targets"), top.toString());
  }

  @Test
  void explainsWordsOnHover() throws Exception {
    assertTrue(hover("queries/hourly.sql", HOURLY.replace("SUM", "S|UM")).contains("SUM(INT64)"));
    String column = hover("queries/hourly.sql", HOURLY.replaceFirst("team", "te|am"));
    assertTrue(column.contains("`STRING` of events") && column.contains("five teams"), column);
    String table = hover("queries/best.sql", BEST.replace("FROM hourly", "FROM ho|urly"));
    assertTrue(table.contains("Points of each team."), table);
    assertTrue(table.contains("| total | `INT64` |"), table);
    assertTrue(
        hover("queries/hourly.sql", HOURLY.replace("TUMBLE", "TUM|BLE")).contains("side by side"));
    assertTrue(hover("pipelines.yaml", YAML.replace("owner", "ow|ner")).contains("Whom to ask"));
    assertNull(hover("queries/hourly.sql", HOURLY.replace("1 HOUR", "|1 HOUR")));
  }

  @Test
  void goesToDefinitions() throws Exception {
    assertEquals(
        "pipelines.yaml:2", definition("queries/hourly.sql", HOURLY.replace("events", "ev|ents")));
    assertEquals(
        "pipelines.yaml:9", definition("queries/hourly.sql", HOURLY.replace("score", "sc|ore")));
    assertEquals(
        "queries/hourly.sql:1",
        definition("queries/best.sql", BEST.replace("FROM hourly", "FROM ho|urly")));
    assertEquals(
        "queries/hourly.sql:1", definition("pipelines.yaml", YAML.replace("[hourly", "[ho|urly")));
  }

  @Test
  void renamesAQueryEverywhere() throws Exception {
    open("queries/best.sql", BEST);
    Position place = at(BEST.replace("FROM hourly", "FROM ho|urly"));
    TextDocumentIdentifier best = new TextDocumentIdentifier(uri("queries/best.sql"));
    assertEquals(
        "hourly",
        server
            .getTextDocumentService()
            .prepareRename(new PrepareRenameParams(best, place))
            .get(20, TimeUnit.SECONDS)
            .getSecond()
            .getPlaceholder());
    WorkspaceEdit edit =
        server
            .getTextDocumentService()
            .rename(new RenameParams(best, place, "by_hour"))
            .get(20, TimeUnit.SECONDS);
    Map<String, String> texts = apply(edit);
    assertEquals(
        "SELECT by_hour.team, MAX(by_hour.total) AS best -- hourly\nFROM by_hour\nGROUP BY team\n",
        texts.get("queries/best.sql"));
    assertTrue(texts.get("pipelines.yaml").contains("  by_hour:\n    description"));
    assertTrue(texts.get("pipelines.yaml").contains("queries: [by_hour, best]"));
    assertTrue(texts.get("tests/hourly.yaml").startsWith("query: by_hour\n"));
    assertEquals("queries/by_hour.sql", texts.get("queries/hourly.sql"));
    ExecutionException taken =
        assertThrows(
            ExecutionException.class,
            () ->
                server
                    .getTextDocumentService()
                    .rename(new RenameParams(best, place, "events"))
                    .get(20, TimeUnit.SECONDS));
    assertTrue(taken.getMessage().contains("there is a source events"), taken.getMessage());
  }

  /** The texts after an edit; of a renamed file its new name. */
  private Map<String, String> apply(WorkspaceEdit edit) throws IOException {
    Map<String, String> texts = new ConcurrentHashMap<>();
    for (var change : edit.getDocumentChanges()) {
      if (change.isRight()) {
        RenameFile rename = (RenameFile) change.getRight();
        texts.put(name(rename.getOldUri()), name(rename.getNewUri()));
        continue;
      }
      String file = name(change.getLeft().getTextDocument().getUri());
      StringBuilder text = new StringBuilder(Files.readString(project.resolve(file)));
      LineIndex lines = new LineIndex(text.toString());
      List<TextEdit> edits = change.getLeft().getEdits();
      edits.stream()
          .sorted(
              (a, b) ->
                  lines.offset(b.getRange().getStart()) - lines.offset(a.getRange().getStart()))
          .forEach(
              e ->
                  text.replace(
                      lines.offset(e.getRange().getStart()),
                      lines.offset(e.getRange().getEnd()),
                      e.getNewText()));
      texts.put(file, text.toString());
    }
    return texts;
  }

  private String name(String uri) {
    return project.relativize(Path.of(java.net.URI.create(uri))).toString();
  }

  @Test
  void leavesWhenTheEditorDoes() throws Exception {
    server.shutdown().get(20, TimeUnit.SECONDS);
    server.exit();
    assertEquals(0, served.get(20, TimeUnit.SECONDS));
  }
}
