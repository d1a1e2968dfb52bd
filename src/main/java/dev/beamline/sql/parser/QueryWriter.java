package dev.beamline.sql.parser;

import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlExpression.Identifier;
import dev.beamline.sql.ast.SqlQuery;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes queries. */
final class QueryWriter {

  private final StringBuilder out;
  private final ExpressionWriter expressions;
  private final String newline;

  /**
   * A writer that appends.
   *
   * @param newline what parts the clauses: a newline, or a blank within an expression
   */
  QueryWriter(StringBuilder out, String newline) {
    this.out = out;
    this.expressions = new ExpressionWriter(out);
    this.newline = newline;
  }

  void query(SqlQuery query) {
    if (!query.with().isEmpty()) {
      out.append(query.recursive() ? "WITH RECURSIVE " : "WITH ");
      separated(
          query.with(),
          table -> {
            out.append(Names.quoted(table.name().name())).append(" AS ");
            nested(table.query());
          });
      out.append(newline);
    }
    body(query.body());
    if (!query.orderBy().isEmpty()) {
      out.append(newline).append("ORDER BY ");
      expressions.orderItems(query.orderBy());
    }
    SqlExpression limit = query.limit();
    SqlExpression offset = query.offset();
    if (limit != null) {
      clause("LIMIT", limit);
    } else if (offset != null) {
      out.append(newline).append("LIMIT ALL");
    }
    if (offset != null) {
      out.append(" OFFSET ");
      expressions.write(offset);
    }
  }

  private void nested(SqlQuery query) {
    out.append('(');
    query(query);
    out.append(')');
  }

  private void clause(String word, @Nullable SqlExpression expression) {
    if (expression != null) {
      out.append(newline).append(word).append(' ');
      expressions.write(expression);
    }
  }

  private void body(SqlQuery.Body body) {
    if (body instanceof SqlQuery.SetOperation operation) {
      body(operation.left());
      SqlQuery.ByName byName = operation.byName();
      out.append(newline);
      out.append(byName == null || byName.mode().isEmpty() ? "" : byName.mode() + " ");
      out.append(operation.operator()).append(operation.all() ? " ALL" : " DISTINCT");
      if (byName != null) {
        out.append(" BY NAME");
        if (!byName.columns().isEmpty()) {
          out.append(" ON ");
          names(byName.columns());
        }
      }
      out.append(newline);
      body(operation.right());
    } else if (body instanceof SqlQuery.Nested nested) {
      nested(nested.query());
    } else if (body instanceof SqlQuery.Values values) {
      out.append("VALUES ");
      separated(values.rows(), row -> expressions.list("(", row, ")"));
    } else if (body instanceof SqlQuery.Select select) {
      select(select);
    }
  }

  // --- SELECT ----------------------------------------------------------------------------------

  private void select(SqlQuery.Select select) {
    out.append("SELECT ").append(select.distinct() ? "DISTINCT " : "");
    out.append(select.as().isEmpty() ? "" : "AS " + select.as() + " ");
    separated(select.items(), this::item);
    SqlQuery.FromItem from = select.from();
    if (from != null) {
      out.append(newline).append("FROM ");
      from(from);
    }
    clause("WHERE", select.where());
    if (select.groupByAll()) {
      out.append(newline).append("GROUP BY ALL");
    } else if (!select.groupBy().isEmpty()) {
      out.append(newline).append("GROUP BY ");
      separated(select.groupBy(), this::group);
    }
    clause("HAVING", select.having());
    clause("QUALIFY", select.qualify());
    if (!select.windows().isEmpty()) {
      out.append(newline).append("WINDOW ");
      separated(
          select.windows(),
          window -> {
            out.append(Names.quoted(window.name().name())).append(" AS ");
            expressions.window(window.over());
          });
    }
  }

  private void item(SqlQuery.SelectItem item) {
    if (item instanceof SqlQuery.ExpressionItem expression) {
      expressions.write(expression.expression());
      alias(expression.alias());
    } else if (item instanceof SqlQuery.StarItem star) {
      SqlExpression qualifier = star.qualifier();
      if (qualifier != null) {
        expressions.operand(qualifier, qualifier instanceof SqlExpression.Path);
        out.append('.');
      }
      out.append('*');
      if (!star.except().isEmpty()) {
        out.append(" EXCEPT ");
        names(star.except());
      }
      if (!star.replace().isEmpty()) {
        out.append(" REPLACE (");
        separated(star.replace(), this::item);
        out.append(')');
      }
      if (!star.rename().isEmpty()) {
        out.append(" RENAME (");
        separated(
            star.rename(),
            renaming -> {
              out.append(Names.quoted(renaming.old().name()));
              alias(renaming.name());
            });
        out.append(')');
      }
    }
  }

  private void group(SqlQuery.GroupItem item) {
    if (item instanceof SqlQuery.GroupExpression expression) {
      expressions.write(expression.expression());
    } else if (item instanceof SqlQuery.GroupList list) {
      expressions.list("(", list.expressions(), ")");
    } else if (item instanceof SqlQuery.Rollup rollup) {
      groups("ROLLUP (", rollup.items());
    } else if (item instanceof SqlQuery.Cube cube) {
      groups("CUBE (", cube.items());
    } else if (item instanceof SqlQuery.GroupingSets sets) {
      groups("GROUPING SETS (", sets.sets());
    }
  }

  private void groups(String word, List<SqlQuery.GroupItem> items) {
    out.append(word);
    separated(items, this::group);
    out.append(')');
  }

  // --- FROM ------------------------------------------------------------------------------------

  private void from(SqlQuery.FromItem item) {
    if (item instanceof SqlQuery.TableName table) {
      out.append(Names.path(table.path().stream().map(Identifier::name).toList()));
      alias(table.alias());
      withOffset(table.withOffset());
    } else if (item instanceof SqlQuery.Subquery subquery) {
      nested(subquery.query());
      alias(subquery.alias());
      columns(subquery.columns());
    } else if (item instanceof SqlQuery.UnnestTable unnest) {
      out.append("UNNEST(");
      expressions.write(unnest.array());
      out.append(')');
      alias(unnest.alias());
      columns(unnest.columns());
      withOffset(unnest.withOffset());
    } else if (item instanceof SqlQuery.TableFunction function) {
      out.append("TABLE(").append(Names.function(function.function())).append('(');
      separated(function.arguments(), this::argument);
      out.append("))");
      alias(function.alias());
    } else if (item instanceof SqlQuery.Pivot pivot) {
      from(pivot.input());
      out.append(" PIVOT (");
      separated(pivot.aggregates(), this::item);
      out.append(" FOR ");
      expressions.write(pivot.column());
      out.append(" IN (");
      separated(pivot.values(), this::item);
      out.append("))");
      alias(pivot.alias());
    } else if (item instanceof SqlQuery.Join join) {
      join(join);
    }
  }

  private void join(SqlQuery.Join join) {
    from(join.left());
    out.append(newline).append(join.kind()).append(" JOIN ");
    if (join.right() instanceof SqlQuery.Join) {
      out.append('(');
      from(join.right());
      out.append(')');
    } else {
      from(join.right());
    }
    SqlExpression on = join.on();
    if (on != null) {
      out.append(" ON ");
      expressions.write(on);
    }
    if (!join.using().isEmpty()) {
      out.append(" USING ");
      names(join.using());
    }
  }

  private void argument(SqlQuery.TableArgument argument) {
    String name = argument.name();
    if (name != null) {
      out.append(Names.quoted(name)).append(" => ");
    }
    SqlQuery.TableArgumentValue value = argument.value();
    if (value instanceof SqlQuery.InputTable input) {
      out.append(input.table() instanceof SqlQuery.Subquery ? "" : "TABLE ");
      if (input.table() instanceof SqlQuery.TableFunction function) {
        out.append(Names.function(function.function())).append('(');
        separated(function.arguments(), this::argument);
        out.append(')');
      } else {
        from(input.table());
      }
      if (!input.partitionBy().isEmpty()) {
        out.append(" PARTITION BY ");
        expressions.list("(", input.partitionBy(), ")");
      }
    } else if (value instanceof SqlQuery.Descriptor descriptor) {
      out.append("DESCRIPTOR");
      names(descriptor.columns());
    } else if (value instanceof SqlQuery.ScalarArgument scalar) {
      expressions.write(scalar.expression());
    }
  }

  // --- Names -----------------------------------------------------------------------------------

  private void alias(@Nullable Identifier alias) {
    if (alias != null) {
      out.append(" AS ").append(Names.quoted(alias.name()));
    }
  }

  private void withOffset(@Nullable Identifier name) {
    if (name != null) {
      out.append(" WITH OFFSET AS ").append(Names.quoted(name.name()));
    }
  }

  private void columns(List<Identifier> columns) {
    if (!columns.isEmpty()) {
      out.append(' ');
      names(columns);
    }
  }

  private void names(List<Identifier> names) {
    out.append('(');
    separated(names, name -> out.append(Names.quoted(name.name())));
    out.append(')');
  }

  private <T> void separated(List<T> items, Consumer<T> writer) {
    for (int i = 0; i < items.size(); i++) {
      out.append(i == 0 ? "" : ", ");
      writer.accept(items.get(i));
    }
  }
}
