package dev.beamline.cli;

import dev.beamline.diagnostic.NearestName;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a constant by its name in lower case, and says which there are. */
abstract class NameConverter<E extends Enum<E>> implements ITypeConverter<E> {

  private final Map<String, E> constants = new LinkedHashMap<>();

  NameConverter(Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      constants.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
  }

  @Override
  public E convert(String value) {
    E constant = constants.get(value.toLowerCase(Locale.ROOT));
    if (constant == null) {
      String near =
          NearestName.of(value, constants.keySet())
              .map(name -> "; did you mean " + name + "?")
              .orElse("");
      throw new TypeConversionException(
          "'" + value + "' is not one of " + String.join(", ", constants.keySet()) + near);
    }
    return constant;
  }
}
