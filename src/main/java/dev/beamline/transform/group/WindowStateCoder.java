package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.window.Window;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** Codes all that is known of a group. Starts with the version of its form. */
final class WindowStateCoder extends CustomCoder<WindowState.OfGroup> {

  private static final long serialVersionUID = 1L;

  private static final int VERSION = StateFormat.VERSION;

  private final Coder<Object> sums;
  private final List<Coder<Tuple>> sentKeys;

  WindowStateCoder(Coder<Object> sums, List<Coder<Tuple>> sentKeys) {
    this.sums = sums;
    this.sentKeys = List.copyOf(sentKeys);
  }

  @Override
  public void encode(WindowState.OfGroup group, OutputStream out) throws IOException {
    out.write(VERSION);
    VarInt.encode(group.sequence, out);
    Longs.write(group.watermarkTimer, out);
    Longs.write(group.clockTimer, out);
    VarInt.encode(group.slices.size(), out);
    for (Map.Entry<Long, Object> slice : group.slices.entrySet()) {
      Longs.write(slice.getKey(), out);
      sums.encode(slice.getValue(), out);
    }
    VarInt.encode(group.windows.size(), out);
    for (Map.Entry<Window, WindowState> entry : group.windows.entrySet()) {
      Longs.write(entry.getKey().start(), out);
      Longs.write(entry.getKey().end(), out);
      encode(entry.getValue(), out);
    }
  }

  private void encode(WindowState window, OutputStream out) throws IOException {
    VarInt.encode(window.pending, out);
    VarInt.encode(window.panes, out);
    Longs.write(window.due, out);
    Object sum = window.sum;
    out.write((window.closed ? 1 : 0) | (sum != null ? 2 : 0));
    if (sum != null) {
      sums.encode(sum, out);
    }
    VarInt.encode(window.sent.size(), out);
    for (int branch = 0; branch < window.sent.size(); branch++) {
      VarInt.encode(window.sent.get(branch).size(), out);
      for (Tuple key : window.sent.get(branch)) {
        sentKeys.get(branch).encode(key, out);
      }
    }
  }

  @Override
  public WindowState.OfGroup decode(InputStream in) throws IOException {
    int version = in.read();
    if (version != VERSION) {
      throw new CoderException("unknown version " + version + " of the state of a group");
    }
    WindowState.OfGroup group = new WindowState.OfGroup();
    group.sequence = VarInt.decodeLong(in);
    group.watermarkTimer = Longs.read(in);
    group.clockTimer = Longs.read(in);
    int slices = VarInt.decodeInt(in);
    for (int i = 0; i < slices; i++) {
      long start = Longs.read(in);
      group.slices.put(start, sums.decode(in));
    }
    int windows = VarInt.decodeInt(in);
    for (int i = 0; i < windows; i++) {
      Window window = new Window(Longs.read(in), Longs.read(in));
      group.windows.put(window, decodeWindow(in));
    }
    return group;
  }

  private WindowState decodeWindow(InputStream in) throws IOException {
    WindowState window = new WindowState();
    window.pending = VarInt.decodeLong(in);
    window.panes = VarInt.decodeLong(in);
    window.due = Longs.read(in);
    int flags = in.read();
    window.closed = (flags & 1) != 0;
    if ((flags & 2) != 0) {
      window.sum = sums.decode(in);
    }
    int branches = VarInt.decodeInt(in);
    for (int branch = 0; branch < branches; branch++) {
      int size = VarInt.decodeInt(in);
      Set<Tuple> keys = new HashSet<>();
      for (int i = 0; i < size; i++) {
        keys.add(sentKeys.get(branch).decode(in));
      }
      window.sent.add(keys);
    }
    return window;
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    List<Coder<?>> arguments = new ArrayList<>();
    arguments.add(sums);
    arguments.addAll(sentKeys);
    return arguments;
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    throw new NonDeterministicException(this, "sets have no order");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WindowStateCoder that
        && sums.equals(that.sums)
        && sentKeys.equals(that.sentKeys);
  }

  @Override
  public int hashCode() {
    return Objects.hash(sums, sentKeys);
  }
}
