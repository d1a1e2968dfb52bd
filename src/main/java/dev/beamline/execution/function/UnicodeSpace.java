package dev.beamline.execution.function;

/** Unicode's White_Space property, which is neither of Java's notions of white space. */
final class UnicodeSpace {

  private UnicodeSpace() {}

  static boolean is(int c) {
    if (c < 0x80) {
      return AsciiSpace.is(c);
    }
    return switch (c) {
      case 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
      default -> c >= 0x2000 && c <= 0x200A;
    };
  }
}
