package dev.beamline.testing.simulation;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.DefaultValueFactory;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.util.InstanceBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Pipeline options of a simulation: defaults, and what is set. Beam's own factory first makes
 * classes for the options of all runners and systems there are, which takes longer than all tests
 * of a project.
 */
final class SimulationOptions implements InvocationHandler {

  private final Map<String, Object> values = new ConcurrentHashMap<>();

  private SimulationOptions() {}

  /** New options, as any interface of options. */
  static PipelineOptions create() {
    return proxy(PipelineOptions.class, new SimulationOptions());
  }

  private static <T> T proxy(Class<T> type, SimulationOptions options) {
    return type.cast(
        Proxy.newProxyInstance(
            SimulationOptions.class.getClassLoader(), new Class<?>[] {type}, options));
  }

  @Override
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments)
      throws Throwable {
    String name = method.getName();
    int count = arguments == null ? 0 : arguments.length;
    if (name.equals("as") && arguments != null) {
      return proxy((Class<?>) arguments[0], this);
    } else if (name.startsWith("set") && arguments != null && count == 1) {
      String property = name.substring("set".length());
      if (arguments[0] == null) {
        values.remove(property);
      } else {
        values.put(property, arguments[0]);
      }
      return null;
    } else if (count == 0 && name.startsWith("get")) {
      return value(self, method, name.substring("get".length()));
    } else if (count == 0 && name.startsWith("is")) {
      return value(self, method, name.substring("is".length()));
    }
    return switch (name) {
      case "hashCode" -> System.identityHashCode(this);
      case "equals" ->
          arguments != null
              && arguments[0] != null
              && Proxy.isProxyClass(arguments[0].getClass())
              && Proxy.getInvocationHandler(arguments[0]) == this;
      case "toString" -> "simulation" + values;
      case "outputRuntimeOptions" -> Map.of();
      case "revision" -> 0;
      default -> null;
    };
  }

  private @Nullable Object value(Object self, Method method, String property) throws Throwable {
    Object known = values.get(property);
    if (known != null) {
      return known;
    }
    Object standard = standard(self, method);
    if (standard != null) {
      values.put(property, standard);
    }
    return standard;
  }

  /** What the option's annotation says, else what Java says. */
  private static @Nullable Object standard(Object self, Method method) throws Throwable {
    for (Annotation annotation : method.getAnnotations()) {
      if (annotation instanceof Default.InstanceFactory factory) {
        DefaultValueFactory<?> made =
            InstanceBuilder.ofType(DefaultValueFactory.class).fromClass(factory.value()).build();
        return made.create((PipelineOptions) self);
      }
      if (annotation instanceof Default.Enum value) {
        for (Object constant : method.getReturnType().getEnumConstants()) {
          if (((Enum<?>) constant).name().equals(value.value())) {
            return constant;
          }
        }
      }
      if (Default.class.equals(annotation.annotationType().getEnclosingClass())) {
        try {
          return annotation.annotationType().getMethod("value").invoke(annotation);
        } catch (InvocationTargetException e) {
          throw e.getCause();
        }
      }
    }
    Class<?> type = method.getReturnType();
    if (type == boolean.class) {
      return false;
    } else if (type == int.class) {
      return 0;
    } else if (type == long.class) {
      return 0L;
    } else if (type == double.class) {
      return 0.0;
    }
    return null;
  }
}
