package dev.beamline.io.bigquery;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.execution.function.CivilText;
import dev.beamline.io.ScanRequest;
import dev.beamline.plan.Expression;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Conditions as the Storage Read API evaluates them. What has no sure form there is left out, so
 * that more rows may come than are wanted, never fewer.
 */
final class RowRestrictions {

  private static final Map<String, String> COMPARISONS =
      Map.of("EQ", "=", "NE", "!=", "LT", "<", "LE", "<=", "GT", ">", "GE", ">=");

  /** Types whose values compare there as they do here. */
  private static final Set<ScalarType> TYPES =
      EnumSet.of(
          ScalarType.INT64,
          ScalarType.STRING,
          ScalarType.BOOL,
          ScalarType.TIMESTAMP,
          ScalarType.DATE);

  private static final Set<String> LOGIC = Set.of("AND", "OR", "NOT");

  /** Text that needs no escapes in quotes. */
  private static final Pattern PLAIN = Pattern.compile("[\\x20-\\x7e&&[^'\\\\`]]*");

  private RowRestrictions() {}

  /** The restriction; null: none. */
  static @Nullable String of(List<ScanRequest.Filter> filters) {
    List<String> any = new ArrayList<>();
    for (ScanRequest.Filter filter : filters) {
      String condition = weaker(filter.condition(), filter.schema());
      if (condition == null) {
        return null;
      }
      any.add(condition);
    }
    return any.isEmpty() ? null : join(any.stream().distinct().toList(), " OR ");
  }

  /** A condition that holds wherever this one does; null: any. */
  private static @Nullable String weaker(Expression condition, Schema schema) {
    if (condition instanceof Expression.Call call
        && !call.safe()
        && call.function().equals("AND")) {
      List<String> parts = new ArrayList<>();
      for (Expression argument : call.arguments()) {
        String part = weaker(argument, schema);
        if (part != null) {
          parts.add(part);
        }
      }
      return parts.isEmpty() ? null : join(parts, " AND ");
    }
    return exact(condition, schema);
  }

  private static @Nullable String exact(Expression condition, Schema schema) {
    if (condition instanceof Expression.InputColumn column && column.type() == ScalarType.BOOL) {
      return operand(column, schema);
    }
    if (!(condition instanceof Expression.Call call) || call.safe()) {
      return null;
    }
    List<String> arguments = new ArrayList<>();
    boolean logic = LOGIC.contains(call.function());
    for (Expression argument : call.arguments()) {
      String text = logic ? exact(argument, schema) : operand(argument, schema);
      if (text == null) {
        return null;
      }
      arguments.add(text);
    }
    String comparison = COMPARISONS.get(call.function());
    if (comparison != null && arguments.size() == 2) {
      return arguments.get(0) + " " + comparison + " " + arguments.get(1);
    }
    return switch (call.function()) {
      case "AND" -> join(arguments, " AND ");
      case "OR" -> join(arguments, " OR ");
      case "NOT" -> "NOT (" + arguments.get(0) + ")";
      case "IS_NULL" -> arguments.get(0) + " IS NULL";
      case "IS_NOT_NULL" -> arguments.get(0) + " IS NOT NULL";
      case "BETWEEN" ->
          arguments.get(0) + " BETWEEN " + arguments.get(1) + " AND " + arguments.get(2);
      case "IN" ->
          arguments.get(0)
              + " IN ("
              + String.join(", ", arguments.subList(1, arguments.size()))
              + ")";
      default -> null;
    };
  }

  private static @Nullable String operand(Expression expression, Schema schema) {
    if (!(expression.type() instanceof ScalarType type) || !TYPES.contains(type)) {
      return null;
    }
    if (expression instanceof Expression.InputColumn column) {
      return "`" + schema.name(column.index()) + "`";
    }
    if (!(expression instanceof Expression.Literal literal) || literal.value() == null) {
      return null;
    }
    Object value = literal.value();
    return switch (type) {
      case INT64, BOOL -> value.toString();
      case STRING -> PLAIN.matcher((String) value).matches() ? "'" + value + "'" : null;
      case TIMESTAMP -> "TIMESTAMP '" + CivilText.formatIsoTimestamp((Long) value) + "'";
      case DATE -> "DATE '" + CivilText.formatDate((Long) value) + "'";
      default -> null;
    };
  }

  private static String join(List<String> parts, String operator) {
    return parts.size() == 1 ? parts.get(0) : "(" + String.join(")" + operator + "(", parts) + ")";
  }
}
