package dev.beamline.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes Ctrl-C and the wish to terminate while it is open. Java offers that only in sun.misc, which
 * every JDK has and no compiler likes to see: so it is found by name, and where it is not there
 * signals end the process as ever.
 */
final class Interrupts implements AutoCloseable {

  private static final List<String> SIGNALS = List.of("INT", "TERM");

  private final List<Runnable> restore = new ArrayList<>();

  private Interrupts() {}

  /** Runs the action in a thread of its own each time the process is asked to end. */
  static Interrupts handle(Runnable action) {
    Interrupts interrupts = new Interrupts();
    for (String signal : SIGNALS) {
      interrupts.take(signal, action);
    }
    return interrupts;
  }

  private void take(String name, Runnable action) {
    try {
      Class<?> signalClass = Class.forName("sun.misc.Signal");
      Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
      Object signal = signalClass.getConstructor(String.class).newInstance(name);
      Object handler =
          Proxy.newProxyInstance(
              Interrupts.class.getClassLoader(),
              new Class<?>[] {handlerClass},
              (InvocationHandler)
                  (proxy, method, arguments) -> answer(proxy, method.getName(), arguments, action));
      Object before =
          signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signal, handler);
      restore.add(
          () -> {
            try {
              signalClass
                  .getMethod("handle", signalClass, handlerClass)
                  .invoke(null, signal, before);
            } catch (ReflectiveOperationException e) {
              System.getLogger(Interrupts.class.getName())
                  .log(System.Logger.Level.DEBUG, "signal " + name, e);
            }
          });
    } catch (ReflectiveOperationException e) {
      // This JVM keeps the signal to itself.
      System.getLogger(Interrupts.class.getName())
          .log(System.Logger.Level.DEBUG, "signal " + name, e);
    }
  }

  private static @Nullable Object answer(
      Object proxy, String method, Object @Nullable [] arguments, Runnable action) {
    return switch (method) {
      case "handle" -> {
        action.run();
        yield null;
      }
      case "equals" -> arguments != null && proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "interrupts";
    };
  }

  @Override
  public void close() {
    restore.forEach(Runnable::run);
  }
}
