package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds what dotted paths stand for: columns, tables, values and their fields. */
final class Paths {

  private final Compilation compilation;
  private final Functions functions;

  Paths(Compilation compilation, Functions functions) {
    this.compilation = compilation;
    this.functions = functions;
  }

  Typed resolve(SqlExpression.Path path, Env env) {
    List<SqlExpression.Identifier> parts = path.parts();
    Typed alias = alias(parts, env);
    if (alias != null) {
      return alias;
    }
    Typed bound = bound(parts, env);
    return bound != null ? bound : inScope(parts, env.scope());
  }

  /** What the path means as an alias of the SELECT list; null where it is none. */
  private @Nullable Typed alias(List<SqlExpression.Identifier> parts, Env env) {
    SqlExpression.Identifier first = parts.get(0);
    List<Typed> items = env.aliases().get(first.name().toLowerCase(Locale.ROOT));
    if (items == null) {
      return null;
    }
    List<Typed> different = new ArrayList<>();
    for (Typed item : items) {
      if (different.stream().noneMatch(d -> Expressions.same(d.expression(), item.expression()))) {
        different.add(item);
      }
    }
    Typed item = different.get(0);
    if (parts.size() > 1
        && !item.isError()
        && !(item.type() instanceof StructType struct
            && struct.fields().stream()
                .anyMatch(f -> f.name().equalsIgnoreCase(parts.get(1).name())))
        && item.type() != ScalarType.JSON) {
      return null;
    }
    if (different.size() > 1) {
      compilation.error(
          DiagnosticCode.SQL_AMBIGUOUS_COLUMN,
          first.place(),
          first.name() + " is ambiguous: the SELECT list has " + different.size() + " of that name",
          "give them different aliases");
      return Typed.error(first.place());
    }
    Typed found = new Typed(item.expression(), item.kind(), first.place());
    return fields(found, parts, 1);
  }

  /** What the path means as a bound of the group's window; null where it is none. */
  private static @Nullable Typed bound(List<SqlExpression.Identifier> parts, Env env) {
    SqlExpression.Identifier first = parts.get(0);
    WindowCalls calls = env.windowCalls();
    if (parts.size() > 1 || calls == null || env.scope().find(first.name()) != null) {
      return null;
    }
    Expression column = calls.named(first.name(), first.place());
    return column == null ? null : Typed.value(column, first.place());
  }

  /** What the path means by the tables of FROM. */
  Typed inScope(List<SqlExpression.Identifier> parts, Scope scope) {
    SqlExpression.Identifier first = parts.get(0);
    Scope.Found found = scope.find(first.name());
    if (found instanceof Scope.FoundExpression value) {
      if (value.expression() == Scope.ERROR) {
        return Typed.error(first.place());
      }
      return fields(
          Typed.value(reference(value.expression(), parts.subList(0, 1)), first.place()), parts, 1);
    } else if (found instanceof Scope.FoundVariable variable) {
      return ofVariable(variable, parts);
    } else if (found instanceof Scope.FoundMany many) {
      compilation.error(
          DiagnosticCode.SQL_AMBIGUOUS_COLUMN,
          first.place(),
          "column " + first.name() + " is ambiguous",
          disambiguation(many));
      return Typed.error(first.place());
    }
    if (scope.mayHaveMore()) {
      return Typed.error(first.place());
    }
    List<String> known = List.copyOf(scope.names());
    compilation.error(
        DiagnosticCode.SQL_UNKNOWN_COLUMN,
        first.place(),
        parts.size() == 1
            ? "there is no column " + first.name()
            : "there is no table or column " + first.name(),
        Compilation.nearest(first.name(), known));
    return Typed.error(first.place());
  }

  private static String disambiguation(Scope.FoundMany many) {
    List<String> names =
        many.candidates().stream()
            .map(c -> c.table().isEmpty() ? c.name() : c.table() + "." + c.name())
            .distinct()
            .toList();
    return names.size() == many.candidates().size()
        ? "write " + String.join(" or ", names)
        : "give the columns different aliases";
  }

  private Typed ofVariable(Scope.FoundVariable found, List<SqlExpression.Identifier> parts) {
    Scope.Variable variable = found.variable();
    SqlExpression.Identifier first = parts.get(0);
    if (parts.size() == 1) {
      if (variable.columns().stream().anyMatch(c -> c.expression() == Scope.ERROR)) {
        return Typed.error(first.place());
      }
      if (variable.value() == null
          && variable.columns().stream().anyMatch(c -> c.name().equalsIgnoreCase(first.name()))) {
        // GoogleSQL's rule: a table's name hides the columns of that name.
        compilation.warning(
            DiagnosticCode.ROW_NOT_COLUMN,
            first.place(),
            first.name() + " is the whole row of the table of that name here, as a STRUCT",
            "write " + first.name() + "." + first.name() + " for its column");
      }
      return Typed.value(
          Expressions.lift(row(variable, first.place()), found.depth()), first.place());
    }
    SqlExpression.Identifier second = parts.get(1);
    List<Scope.Name> matches = variable.named(second.name());
    if (matches.size() == 1) {
      if (matches.get(0).expression() == Scope.ERROR) {
        return Typed.error(second.place());
      }
      Expression column = Expressions.lift(matches.get(0).expression(), found.depth());
      return fields(Typed.value(reference(column, parts.subList(0, 2)), second.place()), parts, 2);
    }
    if (matches.size() > 1) {
      compilation.error(
          DiagnosticCode.SQL_AMBIGUOUS_COLUMN,
          second.place(),
          "column " + second.name() + " is ambiguous: " + first.name() + " has several",
          "give them different aliases");
    } else {
      compilation.error(
          DiagnosticCode.SQL_UNKNOWN_COLUMN,
          second.place(),
          (first.name().equals(SqlQuery.UNPIVOTED)
                  ? "the table before UNPIVOT"
                  : "table " + first.name())
              + " has no column "
              + second.name(),
          Compilation.nearest(
              second.name(), variable.columns().stream().map(Scope.Name::name).toList()));
    }
    return Typed.error(second.place());
  }

  /** A whole row as a STRUCT. */
  Expression row(Scope.Variable variable, Place place) {
    Expression value = variable.value();
    if (value != null) {
      return value;
    }
    return new Expression.Call(
        "STRUCT",
        variable.columns().stream().map(Scope.Name::expression).toList(),
        new StructType(
            variable.columns().stream()
                .map(c -> Column.of(c.name(), c.expression().type()))
                .toList()),
        false,
        place);
  }

  /** A reference of its own, whose place is remembered. */
  private Expression reference(Expression column, List<SqlExpression.Identifier> parts) {
    String text =
        parts.stream().map(SqlExpression.Identifier::name).collect(Collectors.joining("."));
    Place place = parts.get(parts.size() - 1).place();
    if (column instanceof Expression.InputColumn input) {
      return compilation.refer(
          new Expression.InputColumn(input.index(), input.type()), text, place);
    } else if (column instanceof Expression.OuterColumn outer) {
      return compilation.refer(
          new Expression.OuterColumn(outer.depth(), outer.index(), outer.type()), text, place);
    }
    return column;
  }

  /** Follows the path's further parts into the value. */
  private Typed fields(Typed value, List<SqlExpression.Identifier> parts, int from) {
    Typed at = value;
    for (SqlExpression.Identifier part : parts.subList(from, parts.size())) {
      at = field(at, part);
    }
    return at;
  }

  /** One field of a value. */
  Typed field(Typed value, SqlExpression.Identifier name) {
    if (value.isError()) {
      return value;
    }
    if (value.type() instanceof StructType struct && !value.isUntyped()) {
      int found = -1;
      for (int i = 0; i < struct.fields().size(); i++) {
        if (struct.fields().get(i).name().equalsIgnoreCase(name.name())) {
          if (found >= 0) {
            compilation.error(
                DiagnosticCode.SQL_AMBIGUOUS_COLUMN,
                name.place(),
                "field " + name.name() + " is ambiguous in " + struct.sql());
            return Typed.error(name.place());
          }
          found = i;
        }
      }
      if (found >= 0) {
        return Typed.value(
            new Expression.Field(value.expression(), found, struct.fields().get(found).type()),
            name.place());
      }
      compilation.error(
          DiagnosticCode.SQL_UNKNOWN_COLUMN,
          name.place(),
          "there is no field " + name.name() + " in " + struct.sql(),
          Compilation.nearest(name.name(), struct.fields().stream().map(Column::name).toList()));
      return Typed.error(name.place());
    }
    if (value.type() == ScalarType.JSON) {
      Typed key =
          Typed.literal(new Expression.Literal(name.name(), ScalarType.STRING), name.place());
      return functions.operator("JSON_FIELD", List.of(value, key), name.place());
    }
    compilation.error(
        DiagnosticCode.SQL_WRONG_TYPE,
        name.place(),
        "a value of type " + value.shown() + " has no field " + name.name(),
        value.type() instanceof ArrayType
            ? "take an element, as in array[OFFSET(0)]." + name.name() + ", or UNNEST the array"
            : null);
    return Typed.error(name.place());
  }
}
