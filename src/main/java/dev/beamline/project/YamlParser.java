package dev.beamline.project;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.project.YamlNode.Entry;
import dev.beamline.project.YamlNode.YamlList;
import dev.beamline.project.YamlNode.YamlMap;
import dev.beamline.project.YamlNode.YamlScalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads a YAML file into nodes with places. Safe for hostile files: tags make no objects, depth and
 * what aliases expand to are bounded. Keys are text and unique; {@code <<} merges; values of
 * variables are put into scalars.
 */
final class YamlParser {

  private static final int DEEPEST = 64;
  private static final long MOST_NODES = 200_000;
  private static final int MOST_TABS = 20;
  private static final int MOST_CODE_POINTS = 64 * 1024 * 1024;
  private static final String CORE_TAG = "tag:yaml.org,2002:";

  private final String file;
  private final String text;
  private final Lines lines;
  private final int[] codePoints;
  private final @Nullable Function<String, @Nullable String> environment;
  private final Problems problems;
  private final Map<Anchor, YamlNode> anchors = new HashMap<>();
  private final IdentityHashMap<YamlNode, Long> sizes = new IdentityHashMap<>();
  private long expanded;

  private YamlParser(
      String file,
      String text,
      @Nullable Function<String, @Nullable String> environment,
      Problems problems) {
    this.file = file;
    this.text = environment == null ? text : Variables.protect(text);
    this.lines = new Lines(text);
    this.codePoints = this.text.codePoints().toArray();
    this.environment = environment;
    this.problems = problems;
  }

  /**
   * @param file as diagnostics name it
   * @param environment values of variables, null for what is unset; itself null: the file has no
   *     variables
   * @return null where the file is empty, or is no YAML, which was reported
   */
  static @Nullable YamlNode parse(
      String file,
      String text,
      @Nullable Function<String, @Nullable String> environment,
      Problems problems) {
    return new YamlParser(file, text, environment, problems).document();
  }

  private @Nullable YamlNode document() {
    for (int i = 0; environment != null && i < lines.text().length(); i++) {
      if (Variables.isReserved(lines.text().charAt(i))) {
        error(
            DiagnosticCode.YAML_SYNTAX,
            lines.placeAt(file, i, 1),
            "the character U+%04X is not allowed".formatted((int) lines.text().charAt(i)),
            "write it as \"\\u%04X\" in double quotes".formatted((int) lines.text().charAt(i)));
        return null;
      }
    }
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(MOST_CODE_POINTS).setLabel(file).build();
    try {
      Iterator<Event> events = new Parse(settings).parseString(text).iterator();
      YamlNode root = null;
      while (events.hasNext()) {
        Event event = events.next();
        switch (event.getEventId()) {
          case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
          case DocumentStart -> {
            if (root != null) {
              throw new Refused(
                  DiagnosticCode.YAML_SYNTAX,
                  place(event.getStartMark(), event.getEndMark()),
                  "a second document starts here",
                  "one file is one document: remove the line ---");
            }
          }
          default -> root = node(event, events, 0);
        }
      }
      return root;
    } catch (Refused e) {
      problems.add(e.diagnostic);
    } catch (MarkedYamlEngineException e) {
      syntax(e);
    } catch (YamlEngineException e) {
      error(DiagnosticCode.YAML_SYNTAX, Place.ofFile(file), String.valueOf(e.getMessage()), null);
    }
    return null;
  }

  private YamlNode node(Event event, Iterator<Event> events, int depth) {
    Place place = place(event.getStartMark(), event.getEndMark());
    if (event instanceof AliasEvent alias) {
      return aliased(alias, place);
    }
    if (depth > DEEPEST) {
      throw new Refused(
          DiagnosticCode.YAML_SYNTAX,
          place,
          "values are nested more than " + DEEPEST + " deep",
          null);
    }
    refuseTags((NodeEvent) event, place);
    YamlNode node;
    if (event instanceof ScalarEvent scalar) {
      node = scalar(scalar, place);
    } else if (event instanceof SequenceStartEvent start) {
      node = list(start, events, depth);
    } else {
      node = map((MappingStartEvent) event, events, depth);
    }
    ((NodeEvent) event).getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
    return node;
  }

  private YamlNode aliased(AliasEvent alias, Place place) {
    YamlNode target = anchors.get(alias.getAlias());
    if (target == null) {
      throw new Refused(
          DiagnosticCode.YAML_SYNTAX,
          place,
          "there is no anchor &" + alias.getAlias().getValue() + " before this",
          anchors.isEmpty()
              ? "to begin a text with *, quote it"
              : Hints.of(
                  alias.getAlias().getValue(),
                  anchors.keySet().stream().map(Anchor::getValue).sorted().toList()));
    }
    expanded += size(target);
    if (expanded > MOST_NODES) {
      throw new Refused(
          DiagnosticCode.YAML_ALIAS_LIMIT,
          place,
          "*"
              + alias.getAlias().getValue()
              + " makes the file expand to more than "
              + MOST_NODES
              + " values",
          "aliases of aliases multiply: write the values out, or fewer of them");
    }
    return target;
  }

  private long size(YamlNode node) {
    Long known = sizes.get(node);
    if (known != null) {
      return known;
    }
    long size = 1;
    if (node instanceof YamlList list) {
      for (YamlNode item : list.items()) {
        size += size(item);
      }
    } else if (node instanceof YamlMap map) {
      for (Entry entry : map.entries()) {
        size += 1 + size(entry.value());
      }
    }
    sizes.put(node, size);
    return size;
  }

  private void refuseTags(NodeEvent event, Place place) {
    Optional<String> tag =
        event instanceof ScalarEvent scalar
            ? scalar.getTag()
            : ((CollectionStartEvent) event).getTag();
    if (tag.isPresent() && !tag.get().equals("!") && !tag.get().equals(CORE_TAG + "str")) {
      throw new Refused(
          DiagnosticCode.YAML_SYNTAX,
          place,
          "the tag " + tag.get().replace(CORE_TAG, "!!") + " is not supported",
          "write the value without a tag");
    }
  }

  private YamlScalar scalar(ScalarEvent event, Place place) {
    ScalarStyle style = event.getScalarStyle();
    boolean plain = style == ScalarStyle.PLAIN && event.getTag().isEmpty();
    String value = event.getValue();
    boolean replaced = environment != null && Variables.isIn(value);
    if (replaced) {
      String known = replaceVariables(event, place);
      if (known == null) {
        return new YamlScalar(Variables.reveal(value), false, false, true, place);
      }
      value = known;
    }
    boolean quoted = style == ScalarStyle.SINGLE_QUOTED || style == ScalarStyle.DOUBLE_QUOTED;
    boolean verbatim = !replaced && (plain || quoted) && standsAt(place, quoted ? 1 : 0, value);
    Place at =
        verbatim && quoted
            ? new Place(file, place.line(), place.column() + 1, Math.max(1, place.length() - 2))
            : place;
    return new YamlScalar(value, plain, verbatim, false, at);
  }

  private boolean standsAt(Place place, int skip, String value) {
    String line = lines.line(place.line());
    int from = line.offsetByCodePoints(0, Math.min(place.column() - 1, lines.length(line)));
    return line.startsWith(value, from + skip);
  }

  private @Nullable String replaceVariables(ScalarEvent event, Place place) {
    List<Variables.Failure> failures = new ArrayList<>();
    String value =
        Variables.replace(
            event.getValue(), java.util.Objects.requireNonNull(environment), failures);
    for (Variables.Failure failure : failures) {
      Place at = placeOfVariable(event, failure, place);
      if (failure.unset() == null) {
        error(
            DiagnosticCode.INVALID_VALUE,
            at,
            failure.reference() + " is not a reference to a variable",
            "write ${NAME}, ${NAME:-default}, ${file:PATH} or ${secret:NAME}; $${ stands for the text ${");
      } else if (failure.unset().startsWith("file:")) {
        error(
            DiagnosticCode.FILE_NOT_FOUND,
            at,
            "there is no file to read this value from: " + failure.unset().substring(5),
            "paths are relative to the project's folder");
      } else {
        error(
            DiagnosticCode.UNSET_VARIABLE,
            at,
            "the environment variable " + failure.unset() + " is not set",
            "set it, add it to the file .env, or give a default: ${"
                + failure.unset()
                + ":-value}");
      }
    }
    return failures.isEmpty() ? value : null;
  }

  private Place placeOfVariable(ScalarEvent event, Variables.Failure failure, Place otherwise) {
    int from = event.getStartMark().map(Mark::getIndex).orElse(0);
    int to = event.getEndMark().map(Mark::getIndex).orElse(from);
    int seen = 0;
    for (int i = from; i < to && i < codePoints.length; i++) {
      if (Variables.isIn(Character.toString(codePoints[i])) && seen++ == failure.index()) {
        return lines.placeAt(file, text.offsetByCodePoints(0, i), failure.reference().length());
      }
    }
    return otherwise;
  }

  private YamlList list(SequenceStartEvent start, Iterator<Event> events, int depth) {
    List<YamlNode> items = new ArrayList<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.SequenceEnd) {
      items.add(node(event, events, depth + 1));
      event = events.next();
    }
    return new YamlList(items, place(start.getStartMark(), event.getEndMark()));
  }

  private YamlMap map(MappingStartEvent start, Iterator<Event> events, int depth) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    List<YamlMap> merged = new ArrayList<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.MappingEnd) {
      Place keyPlace = place(event.getStartMark(), event.getEndMark());
      YamlNode key = node(event, events, depth + 1);
      YamlNode value = node(events.next(), events, depth + 1);
      event = events.next();
      if (!(key instanceof YamlScalar name)) {
        error(
            DiagnosticCode.WRONG_TYPE,
            keyPlace,
            "a key must be a text, not " + key.describe(),
            "to begin a text with [ or {, quote it");
      } else if (name.plain() && name.text().equals("<<")) {
        merge(value, merged);
      } else {
        Entry first = entries.putIfAbsent(name.text(), new Entry(name, value));
        if (first != null) {
          error(
              DiagnosticCode.DUPLICATE_KEY,
              name.place(),
              "the key \"" + name.text() + "\" is here twice",
              "the first is in line " + first.key().place().line() + ": keep one of them");
        }
      }
    }
    YamlMap map =
        new YamlMap(List.copyOf(entries.values()), place(start.getStartMark(), event.getEndMark()));
    for (YamlMap other : merged) {
      map = map.over(other);
    }
    return map;
  }

  private void merge(YamlNode value, List<YamlMap> merged) {
    List<YamlNode> parts = value instanceof YamlList list ? list.items() : List.of(value);
    for (YamlNode part : parts) {
      if (part instanceof YamlMap map) {
        merged.add(map);
      } else {
        error(
            DiagnosticCode.WRONG_TYPE,
            part.place(),
            "<< takes a mapping or a list of mappings, not " + part.describe(),
            null);
      }
    }
  }

  private void syntax(MarkedYamlEngineException e) {
    boolean unclosed = String.valueOf(e.getProblem()).contains("unexpected end of stream");
    Optional<Mark> mark =
        unclosed
            ? e.getContextMark().or(e::getProblemMark)
            : e.getProblemMark().or(e::getContextMark);
    int line = mark.map(m -> m.getLine() + 1).orElse(0);
    if (reportTabs(line)) {
      return;
    }
    Place place =
        mark.map(m -> lines.place(file, m.getLine() + 1, m.getColumn() + 1, 1))
            .orElse(Place.ofFile(file));
    YamlSyntax.Explanation explanation =
        YamlSyntax.explain(
            Variables.reveal(String.valueOf(e.getProblem())),
            e.getContext(),
            e.getContextMark().map(m -> m.getLine() + 1).orElse(0),
            line == 0 ? "" : lines.line(line));
    boolean tab = String.valueOf(e.getProblem()).contains("TAB");
    error(
        tab ? DiagnosticCode.YAML_TAB : DiagnosticCode.YAML_SYNTAX,
        place,
        explanation.message(),
        explanation.hint());
  }

  /** Tabs before a line's first letter, where the parser gave up at or after one of them. */
  private boolean reportTabs(int failedLine) {
    int reported = 0;
    for (int line = 1; line <= lines.count(); line++) {
      String content = lines.line(line);
      int tab = content.indexOf('\t');
      if (tab < 0 || !content.substring(0, tab).isBlank() || content.isBlank()) {
        continue;
      }
      if (reported == 0 && line > failedLine) {
        return false;
      }
      if (reported < MOST_TABS) {
        int length = 1;
        while (content.charAt(tab + length) == '\t') {
          length++;
        }
        error(
            DiagnosticCode.YAML_TAB,
            lines.place(file, line, tab + 1, length),
            "a tab cannot indent YAML",
            "use spaces");
      }
      reported++;
    }
    return reported > 0;
  }

  private Place place(Optional<Mark> start, Optional<Mark> end) {
    if (start.isEmpty()) {
      return Place.ofFile(file);
    }
    Mark from = start.get();
    int line = from.getLine() + 1;
    int column = from.getColumn() + 1;
    int length = 1;
    if (end.isPresent()) {
      Mark to = end.get();
      length =
          to.getLine() == from.getLine()
              ? to.getColumn() - from.getColumn()
              : lines.length(lines.line(line).stripTrailing()) - from.getColumn();
    }
    return lines.place(file, line, column, length);
  }

  private void error(DiagnosticCode code, Place place, String message, @Nullable String hint) {
    problems.add(Diagnostic.error(code, place, message, hint));
  }

  /** Ends the reading of a file. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Diagnostic diagnostic;

    Refused(DiagnosticCode code, Place place, String message, @Nullable String hint) {
      super(message, null, false, false);
      this.diagnostic = Diagnostic.error(code, place, message, hint);
    }
  }
}
