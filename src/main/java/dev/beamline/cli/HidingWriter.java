package dev.beamline.cli;

import dev.beamline.diagnostic.Secrets;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/** Takes the secrets out of what is printed. */
final class HidingWriter extends FilterWriter {

  HidingWriter(Writer out) {
    super(out);
  }

  @Override
  public void write(int c) throws IOException {
    out.write(c);
  }

  @Override
  public void write(char[] text, int offset, int length) throws IOException {
    if (Secrets.areKnown()) {
      out.write(Secrets.hide(new String(text, offset, length)));
    } else {
      out.write(text, offset, length);
    }
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    if (Secrets.areKnown()) {
      out.write(Secrets.hide(text.substring(offset, offset + length)));
    } else {
      out.write(text, offset, length);
    }
  }
}
