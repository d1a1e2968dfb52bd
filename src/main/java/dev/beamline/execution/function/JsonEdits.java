package dev.beamline.execution.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.beamline.execution.expression.EvaluationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes of JSON values at a path. Each gives a new value and leaves the old one; parts that do
 * not change are shared. A path that leads nowhere, or through a value of another kind, changes
 * nothing.
 */
final class JsonEdits {

  private static final int MAX_ARRAY = 1_000_000;

  private JsonEdits() {}

  /** What becomes of the value at a path; null removes it. */
  private interface Change {
    @Nullable JsonNode apply(JsonNode old);
  }

  /**
   * Makes a path ready for changes: brackets hold an index, all else is a key.
   *
   * @throws EvaluationException where a path is wrong
   */
  static JsonPath path(String text) {
    JsonPath path = JsonPath.of(text);
    if (path.lax()) {
      throw new EvaluationException("JSONPath must start with '$': " + text);
    }
    for (JsonPath.Step step : path.steps()) {
      if (step.bracketed() && step.index().isEmpty()) {
        throw new EvaluationException("Invalid array index in JSONPath: " + step.key());
      }
    }
    return path;
  }

  private static JsonNode change(JsonNode root, List<JsonPath.Step> steps, Change change) {
    JsonNode changed = changeOrRemove(root, steps, change);
    return changed == null ? NullNode.instance : changed;
  }

  private static @Nullable JsonNode changeOrRemove(
      JsonNode value, List<JsonPath.Step> steps, Change change) {
    if (steps.isEmpty()) {
      return change.apply(value);
    }
    JsonPath.Step step = steps.get(0);
    List<JsonPath.Step> rest = steps.subList(1, steps.size());
    if (step.bracketed()) {
      int index = step.index().orElseThrow();
      if (value.isArray() && value.has(index)) {
        List<JsonNode> elements = elements(value);
        JsonNode changed = changeOrRemove(elements.get(index), rest, change);
        if (changed == null) {
          elements.remove(index);
        } else {
          elements.set(index, changed);
        }
        return array(elements);
      }
    } else if (value.isObject() && value.has(step.key())) {
      Map<String, JsonNode> members = JsonText.members(value);
      JsonNode changed = changeOrRemove(value.get(step.key()), rest, change);
      if (changed == null) {
        members.remove(step.key());
      } else {
        members.put(step.key(), changed);
      }
      return JsonText.object(members);
    }
    return value;
  }

  private static List<JsonNode> elements(JsonNode array) {
    List<JsonNode> elements = new ArrayList<>(array.size() + 1);
    array.forEach(elements::add);
    return elements;
  }

  static ArrayNode array(List<JsonNode> elements) {
    return JsonNodeFactory.instance.arrayNode(elements.size()).addAll(elements);
  }

  static JsonNode remove(JsonNode root, JsonPath path) {
    if (path.steps().isEmpty()) {
      throw new EvaluationException("The JSONPath cannot be '$'");
    }
    return change(root, path.steps(), old -> null);
  }

  /** Puts a value; where {@code create}, also in places that are not there yet. */
  static JsonNode set(JsonNode root, JsonPath path, JsonNode value, boolean create) {
    return set(root, path.steps(), value, create);
  }

  private static JsonNode set(
      JsonNode old, List<JsonPath.Step> steps, JsonNode value, boolean create) {
    if (steps.isEmpty()) {
      return value;
    }
    JsonPath.Step step = steps.get(0);
    List<JsonPath.Step> rest = steps.subList(1, steps.size());
    if (step.bracketed() && (old.isArray() || (create && old.isNull()))) {
      int index = step.index().orElseThrow();
      if (index >= old.size() && !create) {
        return old;
      }
      List<JsonNode> elements = padded(old, index + 1);
      elements.set(index, set(elements.get(index), rest, value, create));
      return array(elements);
    } else if (!step.bracketed() && (old.isObject() || (create && old.isNull()))) {
      JsonNode member = old.get(step.key());
      if (member == null && !create) {
        return old;
      }
      Map<String, JsonNode> members = JsonText.members(old);
      members.put(
          step.key(), set(member == null ? NullNode.instance : member, rest, value, create));
      return JsonText.object(members);
    }
    return old;
  }

  /** The elements of an array or of null, with nulls behind up to a length. */
  private static List<JsonNode> padded(JsonNode array, int length) {
    if (length > MAX_ARRAY) {
      throw new EvaluationException("Exceeded maximum array size of " + MAX_ARRAY);
    }
    List<JsonNode> elements = array.isArray() ? elements(array) : new ArrayList<>();
    while (elements.size() < length) {
      elements.add(NullNode.instance);
    }
    return elements;
  }

  /** Adds to the end of the array, or null, at the path. */
  static JsonNode append(JsonNode root, JsonPath path, List<JsonNode> added) {
    return change(
        root,
        path.steps(),
        old -> {
          if (!old.isArray() && !old.isNull()) {
            return old;
          }
          List<JsonNode> elements = padded(old, 0);
          elements.addAll(added);
          return array(elements);
        });
  }

  /** Puts before the element, or behind the end, that the path's last step names. */
  static JsonNode insert(JsonNode root, JsonPath path, List<JsonNode> added) {
    int last = path.steps().size() - 1;
    if (last < 0 || !path.steps().get(last).bracketed()) {
      return root;
    }
    int index = path.steps().get(last).index().orElseThrow();
    return change(
        root,
        path.steps().subList(0, last),
        old -> {
          if (!old.isArray() && !old.isNull()) {
            return old;
          }
          List<JsonNode> elements = padded(old, index);
          elements.addAll(index, added);
          return array(elements);
        });
  }

  /** Takes nulls out, and where {@code empty} also what is empty without them. */
  static JsonNode stripNulls(JsonNode root, JsonPath path, boolean arrays, boolean empty) {
    return change(
        root,
        path.steps(),
        old -> {
          JsonNode stripped = strip(old, arrays, empty);
          return isEmpty(stripped, arrays, empty) ? NullNode.instance : stripped;
        });
  }

  private static JsonNode strip(JsonNode value, boolean arrays, boolean empty) {
    if (value.isObject()) {
      Map<String, JsonNode> members = JsonText.members(value);
      members.replaceAll((name, member) -> strip(member, arrays, empty));
      members.values().removeIf(m -> m.isNull() || isEmpty(m, arrays, empty));
      return JsonText.object(members);
    } else if (value.isArray()) {
      List<JsonNode> elements = elements(value);
      elements.replaceAll(e -> strip(e, arrays, empty));
      if (arrays) {
        elements.removeIf(e -> e.isNull() || isEmpty(e, arrays, empty));
      }
      return array(elements);
    }
    return value;
  }

  private static boolean isEmpty(JsonNode value, boolean arrays, boolean empty) {
    return empty && value.isEmpty() && (value.isObject() || (arrays && value.isArray()));
  }
}
