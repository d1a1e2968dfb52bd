package dev.beamline.transform;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.jspecify.annotations.Nullable;

/** Codes error records, field by field. */
public final class ErrorRecordCoder extends CustomCoder<ErrorRecord> {

  private static final long serialVersionUID = 1L;

  private static final ErrorRecordCoder INSTANCE = new ErrorRecordCoder();
  private static final Coder<String> TEXT = StringUtf8Coder.of();
  private static final Coder<@Nullable String> OPTIONAL_TEXT = NullableCoder.of(TEXT);
  private static final Coder<@Nullable Long> OPTIONAL_LONG = NullableCoder.of(VarLongCoder.of());

  private ErrorRecordCoder() {}

  public static ErrorRecordCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(ErrorRecord value, OutputStream out) throws IOException {
    TEXT.encode(value.origin(), out);
    TEXT.encode(value.code(), out);
    TEXT.encode(value.message(), out);
    TEXT.encode(value.input(), out);
    BooleanCoder.of().encode(value.base64(), out);
    OPTIONAL_TEXT.encode(value.location(), out);
    OPTIONAL_LONG.encode(value.eventTimeMicros(), out);
  }

  @Override
  public ErrorRecord decode(InputStream in) throws IOException {
    return new ErrorRecord(
        TEXT.decode(in),
        TEXT.decode(in),
        TEXT.decode(in),
        TEXT.decode(in),
        BooleanCoder.of().decode(in),
        OPTIONAL_TEXT.decode(in),
        OPTIONAL_LONG.decode(in));
  }

  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ErrorRecordCoder;
  }

  @Override
  public int hashCode() {
    return ErrorRecordCoder.class.hashCode();
  }
}
