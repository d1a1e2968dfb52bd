package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.STRING;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.function.Strict.Binary;
import dev.beamline.execution.function.Strict.Ternary;
import dev.beamline.execution.function.Strict.Unary;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Registers functions that exist for STRING and for BYTES and do the same to characters as to
 * bytes. Where STRING is a parameter or the result, BYTES is in the other overload.
 */
final class TextGroup {

  private final Registry registry;

  TextGroup(Registry registry) {
    this.registry = registry;
  }

  /** Of one text. */
  Registry.Definition unary(String name, ScalarType result, Unary<String> function) {
    return registry
        .add(name)
        .takes(STRING)
        .returns(result)
        .strict((String a) -> function.apply(a))
        .takes(BYTES)
        .returns(forBytes(result))
        .strict((ByteString a) -> toBytes(function.apply(Texts.ofBytes(a))));
  }

  /** Of two texts. */
  Registry.Definition binary(String name, Type result, Binary<String, String> function) {
    return binary(name, result, () -> function);
  }

  /** Of two texts, with a function object of its own for each call. */
  Registry.Definition binary(String name, Type result, Supplier<Binary<String, String>> function) {
    return registry
        .add(name)
        .takes(STRING, STRING)
        .returns(result)
        .strictBinary(function)
        .takes(BYTES, BYTES)
        .returns(forBytes(result))
        .strictBinary(
            () -> {
              Binary<String, String> one = function.get();
              return (ByteString a, ByteString b) ->
                  toBytes(one.apply(Texts.ofBytes(a), Texts.ofBytes(b)));
            });
  }

  /** Of three texts, with a function object of its own for each call. */
  Registry.Definition ternary(
      String name, ScalarType result, Supplier<Ternary<String, String, String>> function) {
    return registry
        .add(name)
        .takes(STRING, STRING, STRING)
        .returns(result)
        .strictTernary(function)
        .takes(BYTES, BYTES, BYTES)
        .returns(forBytes(result))
        .strictTernary(
            () -> {
              Ternary<String, String, String> one = function.get();
              return (ByteString a, ByteString b, ByteString c) ->
                  toBytes(one.apply(Texts.ofBytes(a), Texts.ofBytes(b), Texts.ofBytes(c)));
            });
  }

  /** Of a text and a number. */
  Registry.Definition withNumber(String name, ScalarType result, Binary<String, Long> function) {
    return registry
        .add(name)
        .takes(STRING, ScalarType.INT64)
        .returns(result)
        .strict((String a, Long b) -> function.apply(a, b))
        .takes(BYTES, ScalarType.INT64)
        .returns(forBytes(result))
        .strict((ByteString a, Long b) -> toBytes(function.apply(Texts.ofBytes(a), b)));
  }

  private static Type forBytes(Type result) {
    return result == STRING
        ? BYTES
        : result.equals(Type.array(STRING)) ? Type.array(BYTES) : result;
  }

  static @Nullable Object toBytes(@Nullable Object result) {
    if (result instanceof String text) {
      return Texts.toBytes(text);
    } else if (result instanceof List<?> list) {
      return list.stream().map(each -> Texts.toBytes((String) each)).toList();
    }
    return result;
  }
}
