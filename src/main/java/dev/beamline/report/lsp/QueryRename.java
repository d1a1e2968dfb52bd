package dev.beamline.report.lsp;

import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.TestFile;
import dev.beamline.sql.parser.SqlWords.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.lsp4j.RenameFile;
import org.eclipse.lsp4j.ResourceOperation;
import org.eclipse.lsp4j.TextDocumentEdit;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.VersionedTextDocumentIdentifier;
import org.eclipse.lsp4j.WorkspaceEdit;
import org.eclipse.lsp4j.jsonrpc.messages.Either;

/** Renames a query: its file, and its name in SQL, in pipelines.yaml and in tests. */
final class QueryRename {

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,299}");

  private final Workspace workspace;
  private final Project project;

  QueryRename(Workspace workspace, Project project) {
    this.workspace = workspace;
    this.project = project;
  }

  /** Why a query cannot get a name; empty where it can. */
  Optional<String> refusal(String name) {
    if (!NAME.matcher(name).matches()) {
      return Optional.of(
          "\""
              + name
              + "\" cannot be the name of a query: letters, digits and _, beginning with a"
              + " letter or _");
    }
    if (project.queries().keySet().stream().anyMatch(name::equalsIgnoreCase)) {
      return Optional.of("there is a query " + name + " already");
    }
    return project.sources().keySet().stream().anyMatch(name::equalsIgnoreCase)
        ? Optional.of("there is a source " + name)
        : Optional.empty();
  }

  WorkspaceEdit rename(String old, String name) {
    Map<String, List<TextEdit>> edits = new LinkedHashMap<>();
    for (Query query : project.queries().values()) {
      sql(query.file().path(), old, name, edits);
    }
    yaml(Project.FILE, old, name, edits);
    for (TestFile test : project.tests()) {
      yaml(test.path(), old, name, edits);
    }
    List<Either<TextDocumentEdit, ResourceOperation>> changes = new ArrayList<>();
    edits.forEach(
        (file, texts) -> {
          VersionedTextDocumentIdentifier document = new VersionedTextDocumentIdentifier();
          document.setUri(workspace.uri(file));
          changes.add(Either.forLeft(new TextDocumentEdit(document, texts)));
        });
    Query query = project.queries().get(old);
    if (query != null) {
      String file = query.file().path();
      String renamed = file.substring(0, file.lastIndexOf('/') + 1) + name + ".sql";
      changes.add(Either.forRight(new RenameFile(workspace.uri(file), workspace.uri(renamed))));
    }
    WorkspaceEdit edit = new WorkspaceEdit();
    edit.setDocumentChanges(changes);
    return edit;
  }

  private void sql(String file, String old, String name, Map<String, List<TextEdit>> edits) {
    String text = workspace.text(file);
    SqlText words = new SqlText(text);
    LineIndex lines = new LineIndex(text);
    for (int index : words.references(old)) {
      Word word = words.words().get(index);
      boolean quoted = text.charAt(word.start()) == '`';
      add(edits, file, lines, word.start() + (quoted ? 1 : 0), word.end() - (quoted ? 1 : 0), name);
    }
  }

  private static void add(
      Map<String, List<TextEdit>> edits,
      String file,
      LineIndex lines,
      int start,
      int end,
      String name) {
    edits
        .computeIfAbsent(file, f -> new ArrayList<>())
        .add(new TextEdit(lines.range(start, end), name));
  }

  /** Where the name stands as a query's: a key of queries, a name in a pipeline, a test's query. */
  private void yaml(String file, String old, String name, Map<String, List<TextEdit>> edits) {
    LineIndex lines = new LineIndex(workspace.text(file));
    YamlAssist assist = new YamlAssist(workspace.known(), lines, !file.equals(Project.FILE));
    Matcher found =
        Pattern.compile("(?<![\\w.])" + Pattern.quote(old) + "(?!\\w)").matcher(lines.text());
    while (found.find()) {
      YamlText.Token token = assist.query(lines.position(found.start()));
      if (token != null && token.start() == found.start() && !inComment(lines, found.start())) {
        add(edits, file, lines, found.start(), found.end(), name);
      }
    }
  }

  private static boolean inComment(LineIndex lines, int offset) {
    var position = lines.position(offset);
    String head = lines.line(position.getLine()).substring(0, position.getCharacter());
    return head.strip().startsWith("#") || head.contains(" #");
  }
}
