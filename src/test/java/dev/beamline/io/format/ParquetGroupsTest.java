package dev.beamline.io.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Place;
import dev.beamline.io.ScanRequest;
import dev.beamline.plan.Expression;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Row groups without a row that somebody wants are left out, and no others. */
class ParquetGroupsTest {

  private static final int ROWS = 20_480;
  private static final int GROUP = 2048;

  private static final Schema SCHEMA =
      Schema.of(
          Column.of("n", ScalarType.INT64),
          Column.of("team", ScalarType.STRING),
          Column.of("at", ScalarType.TIMESTAMP),
          Column.of("day", ScalarType.DATE),
          Column.of("some", ScalarType.INT64));

  @TempDir static Path folder;
  private static Path file;

  /** Ten groups; the team is that of the group, and some is NULL in the even groups. */
  @BeforeAll
  static void write() throws SQLException {
    file = folder.resolve("a.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT i AS n, 'team ' || (i // 2048) AS team,"
              + " make_timestamp(i * 1000000)::TIMESTAMPTZ AS at, (DATE '2026-01-01' + (i //"
              + " 2048)::INT) AS day, CASE WHEN (i // 2048) % 2 = 1 THEN i END AS some FROM"
              + " range(20480) r(i) ORDER BY i) TO '"
              + file
              + "' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
    }
  }

  private static Expression call(String function, Expression... arguments) {
    return new Expression.Call(
        function, List.of(arguments), ScalarType.BOOL, false, Place.ofFile("t.sql"));
  }

  private static Expression column(String name) {
    int index = SCHEMA.indexOf(name);
    return new Expression.InputColumn(index, SCHEMA.type(index));
  }

  private static Expression literal(Object value, ScalarType type) {
    return new Expression.Literal(value, type);
  }

  private static Expression n(long value) {
    return literal(value, ScalarType.INT64);
  }

  private static Expression text(String value) {
    return literal(value, ScalarType.STRING);
  }

  private record Found(List<Tuple> rows, long leftOut) {}

  private static Found read(Schema schema, Expression... conditions) throws IOException {
    return read(file, schema, conditions);
  }

  private static Found read(Path from, Schema schema, Expression... conditions) throws IOException {
    List<ScanRequest.Filter> filters = new ArrayList<>();
    for (Expression condition : conditions) {
      filters.add(new ScanRequest.Filter(SCHEMA, condition));
    }
    List<Tuple> rows = new ArrayList<>();
    try (RecordReader reader =
        RecordReaders.range(
            Files.newByteChannel(from),
            0,
            Long.MAX_VALUE,
            FileFormat.PARQUET,
            new RowShape(schema, schema, filters))) {
      while (reader.next()) {
        rows.add(reader.row());
      }
      return new Found(rows, reader.leftOut());
    }
  }

  /** Asserts which groups are read, by their numbers. */
  private static void assertGroups(List<Integer> expected, Expression... conditions)
      throws IOException {
    Found found = read(SCHEMA, conditions);
    List<Integer> groups = new ArrayList<>();
    for (Tuple row : found.rows()) {
      int group = (int) ((Long) row.get(0) / GROUP);
      if (groups.isEmpty() || groups.get(groups.size() - 1) != group) {
        groups.add(group);
      }
    }
    assertEquals(expected, groups);
    assertEquals((long) expected.size() * GROUP, found.rows().size());
    assertEquals(ROWS, found.rows().size() + found.leftOut());
  }

  private static final List<Integer> ALL = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);

  @Test
  void leavesOutGroupsOfNumbersTimesAndTexts() throws IOException {
    assertGroups(List.of(9), call("GT", column("n"), n(19_000)));
    assertGroups(List.of(0, 1), call("LE", column("n"), n(2048)));
    assertGroups(List.of(1), call("EQ", n(2048), column("n")));
    assertGroups(List.of(9), call("LT", n(19_000), column("n")));
    assertGroups(List.of(2, 3), call("BETWEEN", column("n"), n(5000), n(7000)));
    assertGroups(List.of(0, 4), call("IN", column("n"), n(1), n(9000)));
    assertGroups(List.of(3), call("EQ", column("team"), text("team 3")));
    assertGroups(
        List.of(8, 9),
        call("GE", column("at"), literal(8L * GROUP * 1_000_000, ScalarType.TIMESTAMP)));
    assertGroups(List.of(0), call("LT", column("day"), literal(20_455L, ScalarType.DATE)));
    assertGroups(List.of(1, 3, 5, 7, 9), call("IS_NOT_NULL", column("some")));
    assertGroups(List.of(0, 2, 4, 6, 8), call("IS_NULL", column("some")));
    assertGroups(List.of(), call("EQ", column("team"), text("nobody")));
  }

  @Test
  void readsWhatEitherOfTwoReadersWants() throws IOException {
    Expression first = call("LT", column("n"), n(10));
    Expression last = call("GT", column("n"), n(20_000));
    assertGroups(List.of(0, 9), first, last);
    assertGroups(List.of(0, 9), call("OR", first, last));
    assertGroups(List.of(), call("AND", first, last));
    assertGroups(ALL, first, call("STARTS_WITH", column("team"), text("team 1")));
  }

  @Test
  void readsAllWhereAConditionHasNoSureForm() throws IOException {
    Expression odd = call("EQ", call("MOD", column("n"), n(2)), n(5));
    Expression first = call("LT", column("n"), n(10));
    assertGroups(ALL);
    assertGroups(ALL, odd);
    assertGroups(ALL, call("OR", first, odd));
    // What comes first may fail on a row, which must be seen.
    assertGroups(ALL, call("AND", odd, first));
    assertGroups(List.of(0), call("AND", first, odd));
    assertGroups(ALL, call("GT", column("n"), new Expression.Literal(null, ScalarType.INT64)));
  }

  @Test
  void readsGroupsWithARecordThatIsToBeRefused() throws IOException {
    List<Column> columns = new ArrayList<>(SCHEMA.columns());
    columns.set(4, new Column("some", ScalarType.INT64, true, null));
    Found found = read(new Schema(columns), call("GT", column("n"), n(19_000)));
    // The odd groups have no NULL, and only the last one has what is wanted.
    assertEquals(4 * GROUP, found.leftOut());
    assertEquals(6 * GROUP, found.rows().size());
    assertEquals(GROUP, found.rows().stream().filter(row -> row != null).count());
    assertNotNull(found.rows().get(found.rows().size() - 1));
  }

  /** Some writers leave groups without rows in a file, and without statistics. */
  @Test
  void anEmptyGroupIsNoneOfThem() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
    int footer = bytes.length - 8 - length;
    FileMetaData metadata = Util.readFileMetaData(new ByteArrayInputStream(bytes, footer, length));
    RowGroup empty = new RowGroup(metadata.getRow_groups().get(0));
    empty.setNum_rows(0);
    empty.getColumns().forEach(chunk -> chunk.getMeta_data().unsetStatistics());
    metadata.getRow_groups().add(2, empty);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, footer);
    Util.writeFileMetaData(metadata, out);
    out.write(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(out.size() - footer).array());
    out.write(bytes, bytes.length - 4, 4);
    Path with = folder.resolve("empty-group.parquet");
    Files.write(with, out.toByteArray());
    for (int group = 0; group < ROWS / GROUP; group++) {
      Found found = read(with, SCHEMA, call("EQ", column("n"), n(group * GROUP + 7)));
      assertEquals(GROUP, found.rows().size());
      assertEquals((long) group * GROUP, found.rows().get(0).get(0));
      assertEquals(ROWS - GROUP, found.leftOut());
    }
    assertEquals(ROWS, read(with, SCHEMA).rows().size());
  }
}
