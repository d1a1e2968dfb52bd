package dev.beamline.catalog;

/**
 * Fields of structs that keep their place though nobody reads them: decoders leave NULL there, or
 * an empty array. Such a field has a name that no record can have, so that a decoder, which looks
 * fields up by their names, goes past its value without a look.
 */
public final class Unread {

  /** Half a surrogate pair, which no text in UTF-8 has. */
  private static final String MARK = "\udc00";

  private Unread() {}

  /** The field, not to be read. */
  public static Column field(Column field) {
    return is(field) ? field : new Column(MARK + field.name(), field.type(), false, null);
  }

  /** Whether nobody reads the field. */
  public static boolean is(Column field) {
    return isName(field.name());
  }

  /** Whether it is the name of a field that nobody reads. */
  public static boolean isName(String name) {
    return name.startsWith(MARK);
  }
}
