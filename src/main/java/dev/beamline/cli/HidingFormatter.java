package dev.beamline.cli;

import dev.beamline.diagnostic.Secrets;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** Takes the secrets out of what libraries log. */
public final class HidingFormatter extends SimpleFormatter {

  @Override
  public String format(LogRecord record) {
    return Secrets.hide(super.format(record));
  }
}
