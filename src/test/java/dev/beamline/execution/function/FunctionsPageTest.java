package dev.beamline.execution.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.aggregate.AggregateCatalog;
import dev.beamline.sql.SqlCompiler;
import dev.beamline.sql.analyzer.SqlContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Writes docs/functions.md, which says of every function of BigQuery's reference whether it is
 * supported, from the list of names in functions-reference.txt and the catalogs. With {@code
 * -Dbeamline.rewrite=true} the page is written anew.
 */
final class FunctionsPageTest {

  private static final Path REFERENCE = Path.of("src/test/resources/functions-reference.txt");
  private static final Path PAGE = Path.of("docs/functions.md");

  /** One line of the reference. */
  private record Entry(String name, @Nullable String example, @Nullable String remark) {

    static Entry of(String line) {
      int remark = line.indexOf(" : ");
      String head = remark < 0 ? line : line.substring(0, remark);
      int example = head.indexOf(" ~ ");
      return new Entry(
          (example < 0 ? head : head.substring(0, example)).strip(),
          example < 0 ? null : head.substring(example + 3).strip(),
          remark < 0 ? null : line.substring(remark + 3).strip());
    }

    boolean family() {
      return name.endsWith("_") || name.endsWith(".");
    }

    boolean supported() {
      if (example != null) {
        Problems problems = new Problems();
        SqlContext context = SqlContext.of(Map.of()).withAdHoc(true);
        return SqlCompiler.compile("page", "page.sql", "SELECT " + example, context, problems)
            .isPresent();
      }
      return FunctionCatalog.standard().function(name).isPresent()
          || AggregateCatalog.contains(name);
    }

    String row() {
      String shown = family() ? name + "..." : name;
      if (supported()) {
        String status = remark == null ? "yes" : "different";
        return cells(shown, status, remark == null ? signatures() : remark);
      }
      String probe = family() ? name + "X" : name;
      return cells(shown, "refused", FunctionCatalog.standard().refusal(probe).orElse(""));
    }

    private String signatures() {
      if (example != null) {
        return "`" + example + "`";
      }
      List<String> all =
          FunctionCatalog.standard()
              .function(name)
              .map(ScalarFunction::signatures)
              .orElseGet(() -> AggregateCatalog.signatures(name));
      return all.stream().map(s -> "`" + s + "`").collect(Collectors.joining(", "));
    }

    private static String cells(String... cells) {
      return "| "
          + List.of(cells).stream()
              .map(c -> c.replace("|", "\\|"))
              .collect(Collectors.joining(" | "))
          + " |";
    }
  }

  @Test
  void thePageIsWhatTheCatalogsSay() throws IOException {
    String page = page();
    if (Boolean.getBoolean("beamline.rewrite")) {
      Files.writeString(PAGE, page);
    }
    assertEquals(page, Files.readString(PAGE));
  }

  @Test
  void everyRefusalIsExplained() throws IOException {
    for (Entry entry : entries()) {
      if (!entry.supported()) {
        String probe = entry.family() ? entry.name() + "X" : entry.name();
        Optional<String> reason = FunctionCatalog.standard().refusal(probe);
        assertTrue(reason.isPresent(), entry.name() + " is refused without a reason");
      }
    }
  }

  @Test
  void aFunctionThatIsThereIsNotRefused() {
    for (String name : FunctionCatalog.standard().names()) {
      assertEquals(Optional.empty(), FunctionCatalog.standard().refusal(name), name);
    }
  }

  private static List<Entry> entries() throws IOException {
    return Files.readAllLines(REFERENCE).stream()
        .filter(l -> !l.isBlank() && !l.startsWith("--") && !l.startsWith("#"))
        .map(Entry::of)
        .toList();
  }

  private static String page() throws IOException {
    List<String> page = new ArrayList<>();
    page.add("# Functions");
    page.add("");
    page.add("What Beamline does with each function of BigQuery's reference: *yes* means the same");
    page.add("values, NULLs and errors; *different* says how it differs; *refused* means that");
    page.add("`validate` says so, with what to write instead. Names in any case; `SAFE.` before a");
    page.add("name gives NULL instead of the function's own errors. `T` is any type, the same");
    page.add("wherever it stands; `[x]` may be left out.");
    for (String line : Files.readAllLines(REFERENCE)) {
      if (line.startsWith("#")) {
        page.add("");
        page.add("#" + line);
        page.add("");
        page.add("| function | supported | signatures, remarks |");
        page.add("| --- | --- | --- |");
      } else if (!line.isBlank() && !line.startsWith("--")) {
        page.add(Entry.of(line).row());
      }
    }
    Set<String> others = new TreeSet<>(FunctionCatalog.standard().names());
    others.addAll(AggregateCatalog.names());
    entries().forEach(e -> others.remove(e.name().toUpperCase(Locale.ROOT)));
    if (!others.isEmpty()) {
      page.add("");
      page.add("## Beyond BigQuery");
      page.add("");
      page.add("Functions of GoogleSQL that BigQuery's reference does not have.");
      page.add("");
      page.add("| function | supported | signatures, remarks |");
      page.add("| --- | --- | --- |");
      others.forEach(name -> page.add(Entry.of(name).row()));
    }
    return String.join("\n", page) + "\n";
  }
}
