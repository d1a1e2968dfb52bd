package dev.beamline.report.lsp;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.Severity;
import dev.beamline.project.Project;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionList;
import org.eclipse.lsp4j.CompletionOptions;
import org.eclipse.lsp4j.CompletionParams;
import org.eclipse.lsp4j.DefinitionParams;
import org.eclipse.lsp4j.DiagnosticSeverity;
import org.eclipse.lsp4j.DidChangeConfigurationParams;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidChangeWatchedFilesParams;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.DidSaveTextDocumentParams;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializeResult;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.LocationLink;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.MarkupKind;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.PrepareRenameDefaultBehavior;
import org.eclipse.lsp4j.PrepareRenameParams;
import org.eclipse.lsp4j.PrepareRenameResult;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.RenameOptions;
import org.eclipse.lsp4j.RenameParams;
import org.eclipse.lsp4j.ServerCapabilities;
import org.eclipse.lsp4j.ServerInfo;
import org.eclipse.lsp4j.TextDocumentSyncKind;
import org.eclipse.lsp4j.WorkspaceEdit;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.jsonrpc.messages.Either3;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.LanguageServer;
import org.eclipse.lsp4j.services.TextDocumentService;
import org.eclipse.lsp4j.services.WorkspaceService;
import org.jspecify.annotations.Nullable;

/** Answers an editor about the project that a file lies in. One thread does all the work. */
public final class BeamlineLanguageServer
    implements LanguageServer, TextDocumentService, WorkspaceService {

  /** After the last keystroke the project is checked. */
  private static final Duration QUIET = Duration.ofMillis(200);

  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "language-server");
            thread.setDaemon(true);
            return thread;
          });
  private final Path folder;
  private final Map<Path, Workspace> workspaces = new HashMap<>();
  private final Map<Workspace, Set<String>> told = new HashMap<>();
  private final Map<Workspace, ScheduledFuture<?>> checks = new HashMap<>();
  private @Nullable LanguageClient client;
  private final CompletableFuture<@Nullable Void> left = new CompletableFuture<>();
  private volatile boolean shutDown;

  /**
   * A server.
   *
   * @param folder of the project, for files that lie in none
   */
  public BeamlineLanguageServer(Path folder) {
    this.folder = folder;
  }

  /**
   * Serves one editor until it leaves.
   *
   * @return 0 where it took leave, else 1, as the protocol asks
   */
  public static int serve(Path folder, InputStream in, OutputStream out)
      throws InterruptedException, IOException {
    BeamlineLanguageServer server = new BeamlineLanguageServer(folder);
    Launcher<LanguageClient> launcher = LSPLauncher.createServerLauncher(server, in, out);
    server.connect(launcher.getRemoteProxy());
    Future<Void> listening = launcher.startListening();
    CompletableFuture<Void> broken =
        CompletableFuture.runAsync(
            () -> {
              try {
                listening.get();
              } catch (InterruptedException | ExecutionException e) {
                throw new CompletionException(e);
              }
            });
    try {
      // Some editors keep the stream open when they leave.
      CompletableFuture.anyOf(broken, server.left).get();
    } catch (ExecutionException e) {
      throw new IOException("the editor's connection broke: " + e.getMessage(), e);
    } finally {
      listening.cancel(true);
      server.worker.shutdownNow();
    }
    return server.shutDown ? 0 : 1;
  }

  void connect(LanguageClient editor) {
    client = editor;
  }

  @Override
  public CompletableFuture<InitializeResult> initialize(InitializeParams params) {
    ServerCapabilities can = new ServerCapabilities();
    can.setTextDocumentSync(TextDocumentSyncKind.Full);
    can.setCompletionProvider(new CompletionOptions(false, List.of(".", " ", "\n")));
    can.setHoverProvider(true);
    can.setDefinitionProvider(true);
    can.setRenameProvider(new RenameOptions(true));
    return CompletableFuture.completedFuture(new InitializeResult(can, new ServerInfo("beamline")));
  }

  @Override
  public CompletableFuture<Object> shutdown() {
    shutDown = true;
    return CompletableFuture.completedFuture(new Object());
  }

  @Override
  public void exit() {
    left.complete(null);
  }

  @Override
  public TextDocumentService getTextDocumentService() {
    return this;
  }

  @Override
  public WorkspaceService getWorkspaceService() {
    return this;
  }

  private <T> CompletableFuture<T> answer(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, worker);
  }

  /** A file of a project. */
  private record Document(Workspace workspace, String file) {}

  private Optional<Document> document(String uri) {
    Path home = folder;
    try {
      home = Workspace.folderOf(Path.of(java.net.URI.create(uri))).orElse(folder);
    } catch (RuntimeException e) {
      // Not a file: such as untitled:Untitled-1.
      return Optional.empty();
    }
    Workspace workspace = workspaces.computeIfAbsent(home.toAbsolutePath(), Workspace::new);
    return workspace.relative(uri).map(file -> new Document(workspace, file));
  }

  @Override
  public void didOpen(DidOpenTextDocumentParams params) {
    changed(params.getTextDocument().getUri(), params.getTextDocument().getText(), Duration.ZERO);
  }

  @Override
  public void didChange(DidChangeTextDocumentParams params) {
    var changes = params.getContentChanges();
    changed(params.getTextDocument().getUri(), changes.get(changes.size() - 1).getText(), QUIET);
  }

  private void changed(String uri, String text, Duration delay) {
    worker.execute(
        () ->
            document(uri)
                .ifPresent(
                    document -> {
                      document.workspace().open(document.file(), text);
                      check(document.workspace(), delay);
                    }));
  }

  @Override
  public void didClose(DidCloseTextDocumentParams params) {
    worker.execute(
        () ->
            document(params.getTextDocument().getUri())
                .ifPresent(
                    document -> {
                      document.workspace().close(document.file());
                      check(document.workspace(), QUIET);
                    }));
  }

  @Override
  public void didSave(DidSaveTextDocumentParams params) {
    worker.execute(
        () ->
            document(params.getTextDocument().getUri())
                .ifPresent(
                    document -> {
                      document.workspace().forget();
                      check(document.workspace(), Duration.ZERO);
                    }));
  }

  @Override
  public void didChangeWatchedFiles(DidChangeWatchedFilesParams params) {
    worker.execute(
        () ->
            workspaces
                .values()
                .forEach(
                    workspace -> {
                      workspace.forget();
                      check(workspace, QUIET);
                    }));
  }

  @Override
  public void didChangeConfiguration(DidChangeConfigurationParams params) {
    // There is nothing to configure.
  }

  private void check(Workspace workspace, Duration delay) {
    ScheduledFuture<?> waiting = checks.get(workspace);
    if (waiting != null) {
      waiting.cancel(false);
    }
    checks.put(
        workspace,
        worker.schedule(() -> publish(workspace), delay.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Sends what is wrong with each file, and that nothing is with those that were wrong before. */
  private void publish(Workspace workspace) {
    LanguageClient editor = client;
    if (editor == null) {
      return;
    }
    Map<String, List<org.eclipse.lsp4j.Diagnostic>> byFile = new HashMap<>();
    Map<String, LineIndex> lines = new HashMap<>();
    for (Diagnostic found : workspace.snapshot().diagnostics()) {
      String file = found.place().file();
      LineIndex index = lines.computeIfAbsent(file, name -> new LineIndex(workspace.text(name)));
      byFile.computeIfAbsent(file, name -> new ArrayList<>()).add(of(found, index));
    }
    Set<String> files = new HashSet<>(told.getOrDefault(workspace, Set.of()));
    files.addAll(byFile.keySet());
    for (String file : files) {
      editor.publishDiagnostics(
          new PublishDiagnosticsParams(workspace.uri(file), byFile.getOrDefault(file, List.of())));
    }
    told.put(workspace, new HashSet<>(byFile.keySet()));
  }

  private static org.eclipse.lsp4j.Diagnostic of(Diagnostic found, LineIndex lines) {
    String hint = found.hint();
    org.eclipse.lsp4j.Diagnostic diagnostic =
        new org.eclipse.lsp4j.Diagnostic(
            lines.range(found.place()), found.message() + (hint == null ? "" : "\n" + hint));
    diagnostic.setSeverity(
        found.severity() == Severity.ERROR
            ? DiagnosticSeverity.Error
            : found.severity() == Severity.WARNING
                ? DiagnosticSeverity.Warning
                : DiagnosticSeverity.Information);
    diagnostic.setCode(found.code().name());
    diagnostic.setSource("beamline");
    return diagnostic;
  }

  @Override
  public CompletableFuture<Either<List<CompletionItem>, CompletionList>> completion(
      CompletionParams params) {
    return answer(
        () ->
            Either.forLeft(
                document(params.getTextDocument().getUri())
                    .map(document -> complete(document, params.getPosition()))
                    .orElse(List.of())));
  }

  private static List<CompletionItem> complete(Document document, Position position) {
    LineIndex lines = new LineIndex(document.workspace().text(document.file()));
    if (document.file().endsWith(".sql")) {
      return new SqlAssist(document.workspace().known(), lines.text())
          .complete(lines.offset(position));
    }
    return yaml(document, lines).map(assist -> assist.complete(position)).orElse(List.of());
  }

  private static Optional<YamlAssist> yaml(Document document, LineIndex lines) {
    boolean test = document.file().startsWith("tests/") && document.file().endsWith(".yaml");
    return test || document.file().equals(Project.FILE)
        ? Optional.of(new YamlAssist(document.workspace().known(), lines, test))
        : Optional.empty();
  }

  private static @Nullable Meaning meaning(Document document, LineIndex lines, Position position) {
    if (document.file().endsWith(".sql")) {
      return new SqlAssist(document.workspace().known(), lines.text())
          .meaning(lines.offset(position));
    }
    return yaml(document, lines).map(assist -> assist.meaning(position)).orElse(null);
  }

  @Override
  @SuppressWarnings("NullAway") // The protocol's answer for "nothing" is null.
  public CompletableFuture<Hover> hover(HoverParams params) {
    return answer(
        () ->
            document(params.getTextDocument().getUri())
                .map(document -> hover(document, params.getPosition()))
                .orElse(null));
  }

  private static @Nullable Hover hover(Document document, Position position) {
    LineIndex lines = new LineIndex(document.workspace().text(document.file()));
    Meaning meaning = meaning(document, lines, position);
    if (meaning == null) {
      return null;
    }
    Hover hover = new Hover(new MarkupContent(MarkupKind.MARKDOWN, meaning.markdown()));
    hover.setRange(lines.range(meaning.word().start(), meaning.word().end()));
    return hover;
  }

  @Override
  public CompletableFuture<Either<List<? extends Location>, List<? extends LocationLink>>>
      definition(DefinitionParams params) {
    return answer(
        () ->
            Either.forLeft(
                document(params.getTextDocument().getUri())
                    .map(document -> definition(document, params.getPosition()))
                    .orElse(List.of())));
  }

  private static List<Location> definition(Document document, Position position) {
    Workspace workspace = document.workspace();
    LineIndex lines = new LineIndex(workspace.text(document.file()));
    Meaning meaning = meaning(document, lines, position);
    if (meaning == null || meaning.definition() == null) {
      return List.of();
    }
    String file = meaning.definition().file();
    LineIndex target = new LineIndex(workspace.text(file));
    Range range =
        meaning.definition().line() == 0 ? target.range(0, 0) : target.range(meaning.definition());
    return List.of(new Location(workspace.uri(file), range));
  }

  /** A query that is named at a position. */
  private record Named(Workspace workspace, String query, Range range) {}

  private Optional<Named> named(String uri, Position position) {
    return document(uri)
        .flatMap(
            document -> {
              Workspace workspace = document.workspace();
              LineIndex lines = new LineIndex(workspace.text(document.file()));
              Project project = workspace.known().project();
              if (document.file().endsWith(".sql")) {
                SqlText text = new SqlText(lines.text());
                int index = text.at(lines.offset(position));
                return index < 0
                        || !project.queries().containsKey(text.words().get(index).text())
                        || !text.references(text.words().get(index).text()).contains(index)
                    ? Optional.empty()
                    : Optional.of(
                        new Named(
                            workspace,
                            text.words().get(index).text(),
                            lines.range(
                                text.words().get(index).start(), text.words().get(index).end())));
              }
              return yaml(document, lines)
                  .map(assist -> assist.query(position))
                  .map(
                      token ->
                          new Named(
                              workspace, token.text(), lines.range(token.start(), token.end())));
            });
  }

  @Override
  @SuppressWarnings("NullAway") // The protocol's answer for "nothing to rename" is null.
  public CompletableFuture<Either3<Range, PrepareRenameResult, PrepareRenameDefaultBehavior>>
      prepareRename(PrepareRenameParams params) {
    return answer(
        () ->
            named(params.getTextDocument().getUri(), params.getPosition())
                .map(
                    named ->
                        Either3.<Range, PrepareRenameResult, PrepareRenameDefaultBehavior>forSecond(
                            new PrepareRenameResult(named.range(), named.query())))
                .orElse(null));
  }

  @Override
  public CompletableFuture<WorkspaceEdit> rename(RenameParams params) {
    return answer(
        () -> {
          Named named =
              named(params.getTextDocument().getUri(), params.getPosition())
                  .orElseThrow(() -> refused("only queries can be renamed"));
          QueryRename rename =
              new QueryRename(named.workspace(), named.workspace().known().project());
          rename
              .refusal(params.getNewName())
              .ifPresent(
                  reason -> {
                    throw refused(reason);
                  });
          return rename.rename(named.query(), params.getNewName());
        });
  }

  private static ResponseErrorException refused(String reason) {
    return new ResponseErrorException(
        new ResponseError(ResponseErrorCode.RequestFailed, reason, null));
  }
}
