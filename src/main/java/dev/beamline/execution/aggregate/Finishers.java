package dev.beamline.execution.aggregate;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What collected values become. */
final class Finishers {

  private Finishers() {}

  /** ARRAY_AGG. */
  static List<@Nullable Object> array(List<@Nullable Object> values) {
    return Collections.unmodifiableList(Arrays.asList(values.toArray()));
  }

  /** ARRAY_CONCAT_AGG. */
  static List<@Nullable Object> concatenation(List<@Nullable Object> arrays) {
    List<@Nullable Object> all = new ArrayList<>();
    for (Object array : arrays) {
      if (array instanceof List<?> list) {
        all.addAll(list);
      }
    }
    return Collections.unmodifiableList(all);
  }

  /** STRING_AGG of STRING; a delimiter that is NULL makes the result NULL. */
  static Function<List<@Nullable Object>, Object> text(String delimiter) {
    return values -> {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < values.size(); i++) {
        if (i > 0) {
          text.append(delimiter);
        }
        text.append(values.get(i));
      }
      return text.toString();
    };
  }

  /** STRING_AGG of BYTES. */
  static Function<List<@Nullable Object>, Object> bytes(ByteString delimiter) {
    return values -> {
      ByteString.Output all = ByteString.newOutput();
      for (int i = 0; i < values.size(); i++) {
        if (i > 0) {
          write(delimiter, all);
        }
        if (values.get(i) instanceof ByteString bytes) {
          write(bytes, all);
        }
      }
      return all.toByteString();
    };
  }

  private static void write(ByteString bytes, ByteString.Output out) {
    try {
      bytes.writeTo(out);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
