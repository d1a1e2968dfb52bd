package dev.beamline.execution.function;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One parameter of an overload: what types it takes and how often.
 *
 * @param optional may be left out, with all that follow it
 * @param repeated may be given any number of times, also none; only the last parameter
 */
public record Parameter(Shape shape, boolean optional, boolean repeated) {

  /** What types a parameter takes. */
  public sealed interface Shape {
    String shown();
  }

  /** One type and what coerces to it. */
  record Exact(Type type) implements Shape {
    @Override
    public String shown() {
      return type.sql();
    }
  }

  /** The overload's type variable T: the common supertype of all arguments at T. */
  record Variable(Constraint constraint) implements Shape {
    @Override
    public String shown() {
      return "T";
    }
  }

  /** {@code ARRAY<T>}. */
  record ArrayOfVariable(Constraint constraint) implements Shape {
    @Override
    public String shown() {
      return "ARRAY<T>";
    }
  }

  /** Any type, whatever the others are. */
  record Any() implements Shape {
    @Override
    public String shown() {
      return "ANY";
    }
  }

  /** Any array. */
  record AnyArray() implements Shape {
    @Override
    public String shown() {
      return "ARRAY";
    }
  }

  /** Any struct. */
  record AnyStruct() implements Shape {
    @Override
    public String shown() {
      return "STRUCT";
    }
  }

  /** As {@link Exact}, but a STRING literal does not become it: it belongs to another overload. */
  record NotText(Type type) implements Shape {
    @Override
    public String shown() {
      return type.sql();
    }
  }

  /** One type and nothing that coerces to it. */
  record Only(Type type) implements Shape {
    @Override
    public String shown() {
      return type.sql();
    }
  }

  /**
   * A bare word; see {@link ScalarFunction#takesWord}.
   *
   * @param allowed null where any will do
   */
  record Word(String what, @Nullable Set<String> allowed) implements Shape {
    @Override
    public String shown() {
      return what;
    }
  }

  /** What a type variable may stand for. */
  public enum Constraint implements Predicate<Type> {
    ANY {
      @Override
      public boolean test(Type type) {
        return true;
      }
    },
    /** Types with = : all but ARRAY and JSON, also inside structs. */
    EQUATABLE {
      @Override
      public boolean test(Type type) {
        return type instanceof StructType struct
            ? struct.fields().stream().allMatch(f -> test(f.type()))
            : !(type instanceof ArrayType) && type != ScalarType.JSON;
      }
    },
    /** Types with < : all but ARRAY, STRUCT and JSON. */
    ORDERABLE {
      @Override
      public boolean test(Type type) {
        return type instanceof ScalarType && type != ScalarType.JSON;
      }
    }
  }

  public static Parameter of(Type type) {
    return new Parameter(new Exact(type), false, false);
  }

  /** T, of any type. */
  public static Parameter t() {
    return t(Constraint.ANY);
  }

  public static Parameter t(Constraint constraint) {
    return new Parameter(new Variable(constraint), false, false);
  }

  /** {@code ARRAY<T>}. */
  public static Parameter arrayOfT() {
    return arrayOfT(Constraint.ANY);
  }

  public static Parameter arrayOfT(Constraint constraint) {
    return new Parameter(new ArrayOfVariable(constraint), false, false);
  }

  public static Parameter any() {
    return new Parameter(new Any(), false, false);
  }

  public static Parameter anyArray() {
    return new Parameter(new AnyArray(), false, false);
  }

  public static Parameter anyStruct() {
    return new Parameter(new AnyStruct(), false, false);
  }

  /**
   * A bare word.
   *
   * @param what how signatures show it, such as {@code date_part}
   */
  public static Parameter word(String what) {
    return new Parameter(new Word(what, null), false, false);
  }

  /**
   * One of some bare words.
   *
   * @param what how signatures show it
   * @param allowed in upper case
   */
  public static Parameter word(String what, Set<String> allowed) {
    return new Parameter(new Word(what, Set.copyOf(allowed)), false, false);
  }

  /** A type and nothing that coerces to it. */
  public static Parameter only(Type type) {
    return new Parameter(new Only(type), false, false);
  }

  /** A type that a STRING literal is not taken for, since another overload takes it. */
  public static Parameter notText(Type type) {
    return new Parameter(new NotText(type), false, false);
  }

  public static Parameter optional(Type type) {
    return of(type).optionally();
  }

  public static Parameter repeated(Type type) {
    return of(type).repeatedly();
  }

  public Parameter optionally() {
    return new Parameter(shape, true, false);
  }

  public Parameter repeatedly() {
    return new Parameter(shape, false, true);
  }

  String shown() {
    return repeated
        ? "[" + shape.shown() + ", ...]"
        : optional ? "[" + shape.shown() + "]" : shape.shown();
  }
}
