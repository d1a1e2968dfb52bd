package dev.beamline.project;

import dev.beamline.diagnostic.Place;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A part of a YAML file, with its place. */
public sealed interface YamlNode {

  Place place();

  /**
   * As a plain Java value: String, Boolean, Long, {@link BigInteger} (beyond INT64), {@link
   * BigDecimal} (with a point or exponent), Double (.inf and .nan), List, Map in order, or null.
   */
  @Nullable Object value();

  /** Whether nothing can be said of it, since a variable has no value. */
  default boolean isUnknown() {
    return this instanceof YamlScalar scalar && scalar.unknown();
  }

  /** What it is, for people: {@code "text"}, {@code 5}, {@code a list}. */
  String describe();

  /**
   * A scalar.
   *
   * @param text with variables replaced
   * @param plain whether it stands without quotes, so that it may be a number, true, false or null
   * @param verbatim whether the text stands in the file character by character from the place on
   * @param unknown whether a variable in it has no value, which was reported: the text is as
   *     written
   */
  record YamlScalar(String text, boolean plain, boolean verbatim, boolean unknown, Place place)
      implements YamlNode {

    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]+");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
    private static final Pattern DECIMAL =
        Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?");
    private static final Pattern INFINITY = Pattern.compile("[-+]?\\.(inf|Inf|INF)");

    /** YAML 1.2's core schema. */
    @Override
    public @Nullable Object value() {
      if (!plain) {
        return text;
      }
      return switch (text) {
        case "", "~", "null", "Null", "NULL" -> null;
        case "true", "True", "TRUE" -> true;
        case "false", "False", "FALSE" -> false;
        case ".nan", ".NaN", ".NAN" -> Double.NaN;
        default -> number();
      };
    }

    /** A number, or the text where it is none. */
    private Object number() {
      if (INTEGER.matcher(text).matches()) {
        return integer(text, 10);
      }
      if (HEX.matcher(text).matches()) {
        return integer(text.substring(2), 16);
      }
      if (OCTAL.matcher(text).matches()) {
        return integer(text.substring(2), 8);
      }
      if (DECIMAL.matcher(text).matches()) {
        return new BigDecimal(text);
      }
      if (INFINITY.matcher(text).matches()) {
        return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      }
      return text;
    }

    private static Object integer(String digits, int radix) {
      BigInteger value = new BigInteger(digits, radix);
      if (value.bitLength() < Long.SIZE) {
        return value.longValue();
      }
      return value;
    }

    public boolean isNull() {
      return value() == null;
    }

    @Override
    public String describe() {
      Object value = value();
      if (value == null) {
        return "nothing";
      }
      return value instanceof String ? "\"" + shorten(text) + "\"" : text;
    }

    private static String shorten(String text) {
      String line = text.replace("\n", "\\n").replace("\t", "\\t");
      return line.length() <= 60 ? line : line.substring(0, 57) + "...";
    }
  }

  /** A list. */
  record YamlList(List<YamlNode> items, Place place) implements YamlNode {
    public YamlList {
      items = List.copyOf(items);
    }

    @Override
    public Object value() {
      List<@Nullable Object> values = new ArrayList<>();
      items.forEach(item -> values.add(item.value()));
      return Collections.unmodifiableList(values);
    }

    @Override
    public String describe() {
      return "a list";
    }
  }

  /** A mapping; keys are text, each once. */
  record YamlMap(List<Entry> entries, Place place) implements YamlNode {
    public YamlMap {
      entries = List.copyOf(entries);
    }

    /** The entry of a key, or null. */
    public @Nullable Entry entry(String key) {
      for (Entry entry : entries) {
        if (entry.key().text().equals(key)) {
          return entry;
        }
      }
      return null;
    }

    /** This, and after it the entries of the other whose keys it lacks. */
    public YamlMap over(YamlMap other) {
      List<Entry> all = new ArrayList<>(entries);
      for (Entry entry : other.entries) {
        if (entry(entry.key().text()) == null) {
          all.add(entry);
        }
      }
      return new YamlMap(all, place);
    }

    @Override
    public Object value() {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      entries.forEach(entry -> values.put(entry.key().text(), entry.value().value()));
      return Collections.unmodifiableMap(values);
    }

    @Override
    public String describe() {
      return "a mapping";
    }
  }

  /** A key with its value. */
  record Entry(YamlScalar key, YamlNode value) {}
}
