package dev.beamline.sql.parser;

import dev.beamline.diagnostic.Place;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlQuery;
import dev.beamline.sql.ast.SqlQuery.ExpressionItem;
import dev.beamline.sql.ast.SqlQuery.FromItem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Parses PIVOT and UNPIVOT behind a table. UNPIVOT is read as the SELECT that means the same: from
 * the table and an array of a STRUCT for each column.
 */
final class PivotParser {

  private static final String PART = "$part";

  private final Grammar grammar;
  private final Cursor cursor;

  PivotParser(Grammar grammar) {
    this.grammar = grammar;
    this.cursor = grammar.cursor();
  }

  /** Whether a PIVOT or UNPIVOT clause begins here; as other words they may be aliases. */
  boolean isHere() {
    Token next = cursor.peek(1);
    return (cursor.isWord("PIVOT") && next.isSymbol("("))
        || (cursor.isWord("UNPIVOT")
            && (next.isSymbol("(") || next.isWord("INCLUDE") || next.isWord("EXCLUDE")));
  }

  FromItem parse(FromItem input) {
    if (!(input instanceof SqlQuery.TableName) && !(input instanceof SqlQuery.Subquery)) {
      throw cursor.syntax(
          cursor.peek(),
          cursor.peek().upper() + " stands behind a table or a subquery",
          "Make what is before it a subquery: (SELECT ... FROM ...)");
    }
    return cursor.isWord("PIVOT") ? pivot(input) : unpivot(input);
  }

  private FromItem pivot(FromItem input) {
    Token word = cursor.next();
    Token opening = cursor.expectSymbol("(");
    List<ExpressionItem> aggregates = new ArrayList<>();
    do {
      Token first = cursor.peek();
      SqlExpression expression = grammar.expressions().expression();
      if (!(expression instanceof SqlExpression.Call)) {
        throw cursor.syntax(
            first,
            "Expected an aggregate function in PIVOT",
            "Write PIVOT (SUM(x) FOR column IN ('a', 'b'))");
      }
      aggregates.add(new ExpressionItem(expression, alias()));
    } while (cursor.acceptSymbol(","));
    cursor.expectWord("FOR");
    SqlExpression column =
        cursor.isSymbol("(") ? grammar.operands().primary() : new SqlExpression.Path(path());
    cursor.expectWord("IN");
    Token values = cursor.expectSymbol("(");
    List<ExpressionItem> items = new ArrayList<>();
    do {
      if (cursor.isWord("SELECT") || cursor.isWord("ANY")) {
        throw cursor.unsupported(
            cursor.peek(),
            "PIVOT takes constants in IN, not " + cursor.peek().upper(),
            "List the values: IN ('a', 'b')");
      }
      SqlExpression value = grammar.expressions().expression();
      items.add(new ExpressionItem(value, alias()));
    } while (cursor.acceptSymbol(","));
    cursor.closeList(values);
    cursor.close(opening);
    return new SqlQuery.Pivot(input, aggregates, column, items, alias(), cursor.place(word));
  }

  private @Nullable Identifier alias() {
    return grammar.aliases().alias("an alias");
  }

  private List<Identifier> path() {
    List<Identifier> path = new ArrayList<>();
    do {
      path.add(cursor.identifier("a column"));
    } while (cursor.acceptSymbol("."));
    return path;
  }

  /** Columns that become the values of one row, and the row's label. */
  private record Part(List<Identifier> columns, @Nullable SqlExpression label) {}

  private FromItem unpivot(FromItem input) {
    Token word = cursor.next();
    boolean nulls = cursor.isWord("INCLUDE");
    if (nulls || cursor.isWord("EXCLUDE")) {
      cursor.next();
      cursor.expectWord("NULLS");
    }
    Token opening = cursor.expectSymbol("(");
    boolean several = cursor.isSymbol("(");
    List<Identifier> values = several ? names() : List.of(cursor.identifier("a name"));
    cursor.expectWord("FOR");
    Identifier name = cursor.identifier("a name");
    cursor.expectWord("IN");
    Token list = cursor.expectSymbol("(");
    List<Part> parts = new ArrayList<>();
    do {
      Token first = cursor.peek();
      List<Identifier> columns = several ? names() : List.of(column());
      if (columns.size() != values.size()) {
        throw cursor.syntax(
            first,
            "UNPIVOT has " + values.size() + " values and here " + columns.size() + " columns",
            "Write as many columns as there are values");
      }
      parts.add(new Part(columns, label()));
    } while (cursor.acceptSymbol(","));
    cursor.closeList(list);
    cursor.close(opening);
    Place place = cursor.place(word);
    SqlQuery query = query(input, values, name, parts, nulls, place);
    return new SqlQuery.Subquery(query, alias(), List.of(), place);
  }

  private List<Identifier> names() {
    Token opening = cursor.expectSymbol("(");
    List<Identifier> names = new ArrayList<>();
    do {
      names.add(column());
    } while (cursor.acceptSymbol(","));
    cursor.closeList(opening);
    return names;
  }

  /** A column, without the table that may stand before it. */
  private Identifier column() {
    List<Identifier> path = path();
    return path.get(path.size() - 1);
  }

  private @Nullable SqlExpression label() {
    boolean as = cursor.acceptWord("AS");
    Token token = cursor.peek();
    if (!as && !token.is(Token.Kind.STRING) && !token.is(Token.Kind.INTEGER)) {
      return null;
    }
    if (!token.is(Token.Kind.STRING) && !token.is(Token.Kind.INTEGER)) {
      throw cursor.syntax(
          token,
          "A column of UNPIVOT is renamed to a text or a whole number",
          "Write AS '" + token.text() + "'");
    }
    return grammar.expressions().expression();
  }

  private static SqlQuery query(
      FromItem input,
      List<Identifier> values,
      Identifier name,
      List<Part> parts,
      boolean nulls,
      Place place) {
    Identifier row = new Identifier(SqlQuery.UNPIVOTED, place);
    Identifier part = new Identifier(PART, place);
    List<SqlExpression> structs = new ArrayList<>();
    List<String> fieldNames = new ArrayList<>();
    values.forEach(v -> fieldNames.add(v.name()));
    fieldNames.add(name.name());
    List<Identifier> gone = new ArrayList<>();
    for (Part one : parts) {
      List<SqlExpression> fields = new ArrayList<>();
      for (Identifier column : one.columns()) {
        fields.add(new SqlExpression.Path(List.of(row, column)));
        if (gone.stream().noneMatch(g -> g.name().equalsIgnoreCase(column.name()))) {
          gone.add(column);
        }
      }
      String names = one.columns().stream().map(Identifier::name).collect(Collectors.joining("_"));
      SqlExpression label = one.label();
      fields.add(
          label == null
              ? new SqlExpression.StringLiteral(names, one.columns().get(0).place())
              : label);
      structs.add(new SqlExpression.StructConstructor(null, fields, fieldNames, place));
    }
    List<SqlQuery.SelectItem> items = new ArrayList<>();
    items.add(
        new SqlQuery.StarItem(
            new SqlExpression.Path(List.of(row)), gone, List.of(), List.of(), place));
    SqlExpression none = null;
    for (Identifier value : values) {
      SqlExpression path = new SqlExpression.Path(List.of(part, value));
      items.add(new ExpressionItem(path, value));
      SqlExpression isNull = new SqlExpression.Unary("IS NULL", path, place);
      none = none == null ? isNull : new SqlExpression.Binary("AND", none, isNull, place);
    }
    items.add(new ExpressionItem(new SqlExpression.Path(List.of(part, name)), name));
    FromItem from =
        new SqlQuery.Join(
            "CROSS",
            named(input, row),
            new SqlQuery.UnnestTable(
                new SqlExpression.ArrayConstructor(null, structs, place),
                part,
                List.of(),
                null,
                place),
            null,
            List.of(),
            place);
    SqlExpression where =
        nulls || none == null ? null : new SqlExpression.Unary("NOT", none, place);
    return new SqlQuery(
        false,
        List.of(),
        new SqlQuery.Select(
            false, "", items, from, where, List.of(), false, null, null, List.of(), place),
        List.of(),
        null,
        null,
        place);
  }

  private static FromItem named(FromItem input, Identifier name) {
    if (input instanceof SqlQuery.TableName table) {
      return new SqlQuery.TableName(table.path(), name, table.withOffset());
    }
    SqlQuery.Subquery subquery = (SqlQuery.Subquery) input;
    return new SqlQuery.Subquery(subquery.query(), name, subquery.columns(), subquery.place());
  }
}
