package dev.beamline.deploy.manifest;

import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Plan;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Plans and manifests as text in which only meaning counts: equal text, equal results. Places in
 * files, comments, layout and descriptions are not in it; what another query computes is not
 * either, only its name.
 */
final class SemanticText {

  private final StringBuilder text = new StringBuilder();

  private SemanticText() {}

  static String of(@Nullable Object value) {
    SemanticText result = new SemanticText();
    result.add(value);
    return result.text.toString();
  }

  /** SHA-256 in hexadecimal. */
  static String hash(@Nullable Object value) {
    return Hashing.sha256().hashString(of(value), StandardCharsets.UTF_8).toString();
  }

  private void add(@Nullable Object value) {
    if (value == null) {
      text.append("null");
    } else if (value instanceof Plan.QueryResult result) {
      text.append("query(").append(result.query()).append(')');
    } else if (value instanceof Type type) {
      text.append(type.sql());
    } else if (value instanceof Column column) {
      text.append(column.name()).append(':').append(column.type().sql());
    } else if (value instanceof Tuple tuple) {
      add(Arrays.asList(tuple.values()));
    } else if (value instanceof CharSequence string) {
      text.append('"')
          .append(string.toString().replace("\\", "\\\\").replace("\"", "\\\""))
          .append('"');
    } else if (value instanceof BigDecimal number) {
      text.append(number.toPlainString());
    } else if (value instanceof ByteString bytes) {
      add(Arrays.toString(bytes.toByteArray()));
    } else if (value instanceof Map<?, ?> map) {
      TreeMap<String, Object> sorted = new TreeMap<>();
      map.forEach((k, v) -> sorted.put(of(k), v));
      text.append('{');
      sorted.forEach(
          (k, v) -> {
            text.append(k).append('=');
            add(v);
            text.append(';');
          });
      text.append('}');
    } else if (value instanceof Collection<?> list) {
      text.append('[');
      for (Object element : list) {
        add(element);
        text.append(',');
      }
      text.append(']');
    } else if (value instanceof Enum<?> constant) {
      text.append(constant.name());
    } else if (value instanceof Record record) {
      addRecord(record);
    } else {
      text.append(value.getClass().getSimpleName()).append(' ').append(value);
    }
  }

  private void addRecord(Record record) {
    text.append(record.getClass().getSimpleName()).append('(');
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      if (component.getType() != Place.class) {
        text.append(component.getName()).append('=');
        add(value(record, component));
        text.append(',');
      }
    }
    text.append(')');
  }

  private static @Nullable Object value(Record record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(component + " of " + record.getClass(), e);
    }
  }
}
