package dev.beamline.sql.analyzer;

import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Expression;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The SELECT list: expands stars and names the columns. */
final class SelectList {

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;

  SelectList(Compilation compilation, ExpressionAnalyzer expressions) {
    this.compilation = compilation;
    this.expressions = expressions;
  }

  /**
   * A column of the result.
   *
   * @param name empty where it has none
   * @param star whether it comes from a star, so that it is no alias
   */
  record Item(String name, Typed value, boolean star, Place place) {}

  /**
   * Analyzes the items.
   *
   * @param groupBy what the rows are grouped by, perhaps by items' names or numbers
   * @param keyEnv for the items that are such keys
   */
  List<Item> analyze(
      List<SqlQuery.SelectItem> items, Env env, List<SqlQuery.GroupItem> groupBy, Env keyEnv) {
    List<Item> columns = new ArrayList<>();
    for (SqlQuery.SelectItem item : items) {
      if (item instanceof SqlQuery.ExpressionItem expression) {
        boolean key = isKey(expression.alias(), columns.size() + 1, groupBy);
        columns.add(expression(expression, key ? keyEnv : env));
      } else if (item instanceof SqlQuery.StarItem star) {
        columns.addAll(star(star, env));
      }
    }
    return columns;
  }

  private Item expression(SqlQuery.ExpressionItem item, Env env) {
    Typed value = expressions.analyze(item.expression(), env);
    SqlExpression.Identifier alias = item.alias();
    return new Item(
        alias == null ? implicitName(item.expression()) : alias.name(),
        value,
        false,
        alias == null ? item.place() : alias.place());
  }

  static String implicitName(SqlExpression expression) {
    if (expression instanceof SqlExpression.Path path) {
      return path.parts().get(path.parts().size() - 1).name();
    } else if (expression instanceof SqlExpression.FieldAccess access) {
      return access.field().name();
    }
    return "";
  }

  private static boolean isKey(
      SqlExpression.@Nullable Identifier alias, int number, List<SqlQuery.GroupItem> groupBy) {
    for (SqlQuery.GroupItem item : groupBy) {
      if (item instanceof SqlQuery.GroupExpression group
          && (group.expression() instanceof SqlExpression.IntegerLiteral ordinal
              ? ordinal.text().equals(String.valueOf(number))
              : alias != null
                  && group.expression() instanceof SqlExpression.Path path
                  && path.parts().size() == 1
                  && path.parts().get(0).name().equalsIgnoreCase(alias.name()))) {
        return true;
      }
    }
    return false;
  }

  private List<Item> star(SqlQuery.StarItem star, Env env) {
    List<Item> columns = expand(star, env);
    if (columns == null) {
      return List.of(new Item("", Typed.error(star.place()), true, star.place()));
    }
    Map<String, SqlExpression.Identifier> except = new HashMap<>();
    for (SqlExpression.Identifier name : star.except()) {
      except.put(name.name().toLowerCase(Locale.ROOT), name);
      if (!env.scope().mayHaveMore()
          && columns.stream().noneMatch(c -> c.name().equalsIgnoreCase(name.name()))) {
        compilation.error(
            DiagnosticCode.SQL_UNKNOWN_COLUMN,
            name.place(),
            "EXCEPT names no column of *: " + name.name(),
            Compilation.nearest(name.name(), columns.stream().map(Item::name).toList()));
      }
    }
    Map<String, SqlQuery.ExpressionItem> replace = new HashMap<>();
    for (SqlQuery.ExpressionItem item : star.replace()) {
      SqlExpression.Identifier alias = item.alias();
      String name = alias == null ? "" : alias.name();
      replace.put(name.toLowerCase(Locale.ROOT), item);
      if (!env.scope().mayHaveMore()
          && columns.stream().noneMatch(c -> c.name().equalsIgnoreCase(name))) {
        compilation.error(
            DiagnosticCode.SQL_UNKNOWN_COLUMN,
            alias == null ? item.place() : alias.place(),
            "REPLACE names no column of *: " + name,
            Compilation.nearest(name, columns.stream().map(Item::name).toList()));
      }
    }
    List<Item> kept = new ArrayList<>();
    for (Item column : columns) {
      String key = column.name().toLowerCase(Locale.ROOT);
      SqlQuery.ExpressionItem replacement = replace.get(key);
      if (!except.containsKey(key) && replacement != null) {
        kept.add(
            new Item(
                column.name(),
                expressions.analyze(replacement.expression(), env),
                true,
                replacement.place()));
      } else if (!except.containsKey(key)) {
        kept.add(column);
      }
    }
    rename(star, env, kept);
    if (kept.isEmpty() && !env.scope().mayHaveMore() && !isUnpivoted(star)) {
      compilation.error(DiagnosticCode.SQL_INVALID, star.place(), "no column is left of * EXCEPT");
    }
    return kept;
  }

  /** The columns of a star; null where its qualifier is wrong, which was reported. */
  private void rename(SqlQuery.StarItem star, Env env, List<Item> kept) {
    for (SqlQuery.Renaming renaming : star.rename()) {
      boolean found = false;
      for (int i = 0; i < kept.size(); i++) {
        Item item = kept.get(i);
        if (item.name().equalsIgnoreCase(renaming.old().name())) {
          kept.set(i, new Item(renaming.name().name(), item.value(), true, item.place()));
          found = true;
        }
      }
      if (!found && !env.scope().mayHaveMore()) {
        compilation.error(
            DiagnosticCode.SQL_UNKNOWN_COLUMN,
            renaming.old().place(),
            "RENAME names no column of *: " + renaming.old().name(),
            Compilation.nearest(renaming.old().name(), kept.stream().map(Item::name).toList()));
      }
    }
  }

  private @Nullable List<Item> expand(SqlQuery.StarItem star, Env env) {
    SqlExpression qualifier = star.qualifier();
    if (qualifier == null) {
      if (env.scope().variables().isEmpty()
          && env.scope().columns().isEmpty()
          && !env.scope().open()) {
        compilation.error(
            DiagnosticCode.SQL_INVALID, star.place(), "SELECT * needs FROM", "name the columns");
        return null;
      }
      return items(env.scope().columns(), star.place());
    }
    if (qualifier instanceof SqlExpression.Path path
        && path.parts().size() == 1
        && env.scope().find(path.parts().get(0).name()) instanceof Scope.FoundVariable found
        && found.depth() == 0) {
      return items(found.variable().columns(), star.place());
    }
    Typed value = expressions.analyze(qualifier, env);
    if (value.isError()) {
      return null;
    }
    Type type = value.type();
    if (!(type instanceof StructType struct)) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_TYPE,
          star.place(),
          ".* needs a table or a STRUCT, not " + value.shown());
      return null;
    }
    List<Item> fields = new ArrayList<>();
    for (int i = 0; i < struct.fields().size(); i++) {
      fields.add(
          new Item(
              struct.fields().get(i).name(),
              Typed.value(
                  new Expression.Field(value.expression(), i, struct.fields().get(i).type()),
                  star.place()),
              true,
              star.place()));
    }
    return fields;
  }

  private List<Item> items(List<Scope.Name> names, Place place) {
    List<Item> items = new ArrayList<>();
    for (Scope.Name name : names) {
      Expression column = name.expression();
      if (column == Scope.ERROR) {
        items.add(new Item(name.name(), Typed.error(place), true, place));
        continue;
      }
      if (column instanceof Expression.InputColumn input) {
        column =
            compilation.refer(
                new Expression.InputColumn(input.index(), input.type()), name.name(), place);
      }
      items.add(new Item(name.name(), Typed.value(column, place), true, place));
    }
    return items;
  }

  /** Whether it is what UNPIVOT leaves of its input. */
  private static boolean isUnpivoted(SqlQuery.StarItem star) {
    return star.qualifier() instanceof SqlExpression.Path path
        && path.parts().get(0).name().equals(SqlQuery.UNPIVOTED);
  }
}
