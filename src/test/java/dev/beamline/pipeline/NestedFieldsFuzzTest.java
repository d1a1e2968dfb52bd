package dev.beamline.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Table;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Unread;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.execution.local.LocalExecutor;
import dev.beamline.plan.FieldUse;
import dev.beamline.plan.NestedFields;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.sql.AsWritten;
import dev.beamline.sql.SqlCompiler;
import dev.beamline.sql.analyzer.SqlContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Queries give the same rows where the fields that they do not look at are not there. */
class NestedFieldsFuzzTest {

  private static final int QUERIES = 600;

  static Optional<QueryPlan> compile(
      String name, String sql, boolean streaming, Problems problems) {
    return SqlCompiler.compile(name, name + ".sql", sql, context(streaming), problems);
  }

  private static SqlContext context(boolean streaming) {
    return SqlContext.of(Map.of("events", new Table("events", NestedQueries.EVENTS, 0, !streaming)))
        .withStreaming(streaming);
  }

  @Test
  void whatIsNotLookedAtDoesNotMatter() {
    int some = 0;
    for (int seed = 0; seed < QUERIES; seed++) {
      NestedQueries random = new NestedQueries(seed);
      List<Tuple> events = random.events(12);
      String sql = seed % 3 == 0 ? random.windowed() : random.query();
      Plan plan =
          compile("q", sql, /* streaming= */ false, new Problems())
              .map(QueryPlan::plan)
              .orElse(null);
      if (plan == null) {
        continue;
      }
      Map<Schema, List<FieldUse>> uses = new HashMap<>();
      NestedFields.of(plan)
          .forEach((scan, use) -> uses.merge(scan.schema(), use, NestedFieldsFuzzTest::both));
      Map<Tuple, Long> expected = run(plan, events, null);
      some += expected.isEmpty() ? 0 : 1;
      assertEquals(expected, run(plan, events, uses), "seed " + seed + ": " + sql);
    }
    assertTrue(some > QUERIES * 8 / 10, some + " queries gave rows");
  }

  /** Which of equal rows come first is nobody's promise, so that nothing is ranked here. */
  @Test
  void cheaperPlansGiveTheSame() {
    int some = 0;
    for (int seed = QUERIES; seed < 2 * QUERIES; seed++) {
      NestedQueries random = new NestedQueries(seed);
      List<Tuple> events = random.events(12);
      String sql = seed % 2 == 0 ? random.windowed() : random.query();
      Plan written =
          AsWritten.compile(sql, context(/* streaming= */ false), new Problems())
              .map(QueryPlan::plan)
              .orElse(null);
      if (written == null || sql.contains("QUALIFY")) {
        continue;
      }
      Plan plan = compile("q", sql, /* streaming= */ false, new Problems()).orElseThrow().plan();
      Map<Tuple, Long> expected = run(written, events, null);
      some += expected.isEmpty() ? 0 : 1;
      assertEquals(expected, run(plan, events, null), "seed " + seed + ": " + sql);
    }
    assertTrue(some > QUERIES * 8 / 10, some + " queries gave rows");
  }

  private static List<FieldUse> both(List<FieldUse> some, List<FieldUse> others) {
    return IntStream.range(0, some.size()).mapToObj(i -> some.get(i).and(others.get(i))).toList();
  }

  private static Map<Tuple, Long> run(
      Plan plan, List<Tuple> events, @Nullable Map<Schema, List<FieldUse>> uses) {
    LocalExecutor executor =
        new LocalExecutor(
            scan -> {
              List<Tuple> rows = new ArrayList<>();
              Schema schema = scan.schema();
              for (Tuple event : events) {
                @Nullable Object[] values = new @Nullable Object[schema.size()];
                for (int i = 0; i < values.length; i++) {
                  Object value = event.get(NestedQueries.EVENTS.indexOf(schema.name(i)));
                  values[i] =
                      uses == null
                          ? value
                          : read(value, uses.get(schema).get(i).of(schema.type(i)));
                }
                rows.add(Tuple.of(values));
              }
              return rows;
            },
            RowErrors.THROW);
    return SqlQueries.times(executor.run(plan));
  }

  /** The value as decoders give it whose fields are not all read. */
  private static @Nullable Object read(@Nullable Object value, Type type) {
    if (value instanceof Tuple tuple && type instanceof StructType struct) {
      @Nullable Object[] values = new @Nullable Object[tuple.size()];
      for (int i = 0; i < values.length; i++) {
        Column field = struct.fields().get(i);
        values[i] =
            !Unread.is(field)
                ? read(tuple.get(i), field.type())
                : field.type() instanceof ArrayType ? List.of() : null;
      }
      return Tuple.of(values);
    } else if (value instanceof List<?> list && type instanceof ArrayType array) {
      List<Object> elements = new ArrayList<>();
      list.forEach(element -> elements.add(read(element, array.element())));
      return elements;
    }
    return value;
  }
}
