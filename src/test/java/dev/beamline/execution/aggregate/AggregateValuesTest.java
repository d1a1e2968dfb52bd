package dev.beamline.execution.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.function.Casts;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.AggregateCall.Nulls;
import dev.beamline.plan.Expression;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs aggregates/values.txt. */
class AggregateValuesTest {

  private static final Pattern CALL =
      Pattern.compile(
          "(?<name>[A-Z_.]+)\\((?<distinct>DISTINCT )?(?<arguments>.*?)(?: (?<nulls>IGNORE|RESPECT)"
              + " NULLS)?(?: ORDER BY (?<order>[a-z])(?<desc> DESC)?)?(?: LIMIT (?<limit>\\d+))?\\)"
              + "(?: FILTER (?<filter>[a-z]))?");

  @TestFactory
  Stream<DynamicTest> values() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    String[] lines;
    try (InputStream in = AggregateValuesTest.class.getResourceAsStream("/aggregates/values.txt")) {
      if (in == null) {
        throw new IllegalStateException("no values.txt");
      }
      lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1);
    }
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i];
      if (!line.isBlank() && !line.startsWith("#")) {
        tests.add(DynamicTest.dynamicTest("line " + (i + 1) + ": " + line, () -> check(line)));
      }
    }
    return tests.stream();
  }

  private static void check(String line) {
    String[] parts = line.split(" \\|", -1);
    List<Type> types = new ArrayList<>();
    for (String type : parts[1].trim().split(", ")) {
      types.add(ScalarType.valueOf(type));
    }
    TestCall call = call(parts[0], types);
    String expected = parts[3].trim();
    if (expected.startsWith("REFUSED ")) {
      Resolution.Refused refused = (Resolution.Refused) call.resolve();
      String all = refused.message() + " " + refused.hint();
      assertTrue(all.contains(expected.substring(8)), all);
      return;
    }
    AggregateCall built = call.build();
    String actual;
    try {
      actual = show(run(AggregatorFactory.create(built), rows(parts[2], types)), built.type());
    } catch (EvaluationException e) {
      actual = "ERROR " + e.getMessage();
    }
    if (expected.startsWith("ERROR ")) {
      assertTrue(actual.startsWith("ERROR ") && actual.contains(expected.substring(6)), actual);
    } else {
      assertEquals(expected, actual);
    }
  }

  private static TestCall call(String text, List<Type> types) {
    Matcher matcher = CALL.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    TestCall call = TestCall.of(matcher.group("name"));
    String arguments = matcher.group("arguments");
    if (!arguments.isEmpty() && !arguments.equals("*")) {
      for (String argument : arguments.split(", ")) {
        if (argument.startsWith("'")) {
          call.literal(argument.substring(1, argument.length() - 1), ScalarType.STRING);
        } else if (Character.isLetter(argument.charAt(0))) {
          call.column(argument.charAt(0) - 'a', types.get(argument.charAt(0) - 'a'));
        } else if (argument.contains(".")) {
          call.literal(Double.valueOf(argument), ScalarType.FLOAT64);
        } else {
          call.literal(Long.valueOf(argument), ScalarType.INT64);
        }
      }
    }
    if (matcher.group("distinct") != null) {
      call.distinct();
    }
    if (matcher.group("nulls") != null) {
      call.nulls(Nulls.valueOf(matcher.group("nulls")));
    }
    String order = matcher.group("order");
    if (order != null) {
      int column = order.charAt(0) - 'a';
      call.orderBy(column, types.get(column), matcher.group("desc") != null);
    }
    if (matcher.group("limit") != null) {
      call.limit(Long.parseLong(matcher.group("limit")));
    }
    String filter = matcher.group("filter");
    if (filter != null) {
      call.filter(new Expression.InputColumn(filter.charAt(0) - 'a', ScalarType.BOOL));
    }
    return call;
  }

  private static List<Tuple> rows(String text, List<Type> types) {
    List<Tuple> rows = new ArrayList<>();
    if (text.isBlank()) {
      return rows;
    }
    for (String row : text.strip().split(" /", -1)) {
      String[] values = types.size() == 1 ? new String[] {row} : row.split(", ", -1);
      @Nullable Object[] parsed = new @Nullable Object[types.size()];
      for (int i = 0; i < parsed.length; i++) {
        parsed[i] = parse(values[i].strip(), types.get(i));
      }
      rows.add(Tuple.of(parsed));
    }
    return rows;
  }

  private static @Nullable Object parse(String text, Type type) {
    if (text.equals("NULL")) {
      return null;
    }
    if (type == ScalarType.JSON) {
      return TextNode.valueOf(text);
    }
    if (type == ScalarType.INTERVAL) {
      Matcher m = Pattern.compile("(\\d+)-(\\d+) (\\d+) (\\d+)(?::(\\d+):(\\d+))?").matcher(text);
      assertTrue(m.matches(), text);
      long seconds = 3600 * Long.parseLong(m.group(4));
      if (m.group(5) != null) {
        seconds += 60 * Long.parseLong(m.group(5)) + Long.parseLong(m.group(6));
      }
      return new IntervalValue(
          12 * Long.parseLong(m.group(1)) + Long.parseLong(m.group(2)),
          Long.parseLong(m.group(3)),
          seconds * 1_000_000);
    }
    return Casts.cast(text, ScalarType.STRING, type);
  }

  private static <A> @Nullable Object run(Aggregator<A> aggregator, List<Tuple> rows) {
    A accumulator = aggregator.create();
    for (Tuple row : rows) {
      accumulator = aggregator.add(accumulator, row);
    }
    return aggregator.result(accumulator);
  }

  private static String show(@Nullable Object value, Type type) {
    if (value == null) {
      return "NULL";
    }
    if (type instanceof ArrayType array) {
      return ((List<?>) value)
          .stream().map(v -> show(v, array.element())).collect(Collectors.joining(", ", "[", "]"));
    }
    if (type instanceof StructType struct) {
      List<String> fields = new ArrayList<>();
      for (int i = 0; i < struct.fields().size(); i++) {
        fields.add(show(((Tuple) value).get(i), struct.fields().get(i).type()));
      }
      return "{" + String.join(", ", fields) + "}";
    }
    return String.valueOf(Casts.cast(value, type, ScalarType.STRING));
  }

  /** Keeps the file honest: each function of the catalog is in it. */
  @TestFactory
  Stream<DynamicTest> everyFunctionIsTested() throws IOException {
    try (InputStream in = AggregateValuesTest.class.getResourceAsStream("/aggregates/values.txt")) {
      if (in == null) {
        throw new IllegalStateException("no values.txt");
      }
      String file = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return AggregateCatalog.names().stream()
          .filter(name -> !name.equals("GROUPING") && !name.equals("ARRAY_CONCAT_AGG"))
          .map(
              name ->
                  DynamicTest.dynamicTest(
                      name,
                      () ->
                          assertTrue(
                              Arrays.stream(file.split("\n"))
                                  .anyMatch(l -> l.startsWith(name + "(")),
                              name)));
    }
  }
}
