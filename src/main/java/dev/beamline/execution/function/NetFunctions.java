package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.STRING;

import com.google.common.net.InetAddresses;
import com.google.protobuf.ByteString;
import dev.beamline.execution.expression.EvaluationException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** NET functions of addresses; those of URLs are in {@link NetHosts}. */
final class NetFunctions {

  private static final int V4 = 4;
  private static final int V6 = 16;

  private NetFunctions() {}

  static void register(Registry registry) {
    registry
        .add("NET.IP_FROM_STRING")
        .takes(STRING)
        .returns(BYTES)
        .strict(
            (String text) -> {
              ByteString address = parse(text);
              if (address == null) {
                throw new EvaluationException(
                    "NET.IP_FROM_STRING() encountered an unparseable IP-address: "
                        + Shown.cut(text));
              }
              return address;
            });
    registry
        .add("NET.SAFE_IP_FROM_STRING")
        .takes(STRING)
        .returns(BYTES)
        .strict((String text) -> parse(text));
    registry.add("NET.IP_TO_STRING").takes(BYTES).returns(STRING).strict(NetFunctions::toText);
    registry.add("NET.IP_NET_MASK").takes(INT64, INT64).returns(BYTES).strict(NetFunctions::mask);
    registry.add("NET.IP_TRUNC").takes(BYTES, INT64).returns(BYTES).strict(NetFunctions::truncate);
    registry.add("NET.IPV4_FROM_INT64").takes(INT64).returns(BYTES).strict(NetFunctions::fromLong);
    registry.add("NET.IPV4_TO_INT64").takes(BYTES).returns(INT64).strict(NetFunctions::toLong);
    registry
        .add("NET.HOST")
        .takes(STRING)
        .returns(STRING)
        .strict((String url) -> NetHosts.host(url));
    registry
        .add("NET.PUBLIC_SUFFIX")
        .takes(STRING)
        .returns(STRING)
        .strict((String url) -> NetHosts.publicSuffix(url));
    registry
        .add("NET.REG_DOMAIN")
        .takes(STRING)
        .returns(STRING)
        .strict((String url) -> NetHosts.registeredDomain(url));
  }

  /** Null where it is no address; zones (%eth0) and anything else around are none. */
  private static @Nullable ByteString parse(String text) {
    if (text.indexOf('%') >= 0 || !InetAddresses.isInetAddress(text)) {
      return null;
    }
    byte[] bytes = InetAddresses.forString(text).getAddress();
    boolean mapped = bytes.length == V4 && text.indexOf(':') >= 0;
    return ByteString.copyFrom(mapped ? mapped(bytes) : bytes);
  }

  /** Java reads ::ffff:1.2.3.4 as an IPv4 address. */
  private static byte[] mapped(byte[] address) {
    byte[] bytes = new byte[V6];
    bytes[10] = (byte) 0xff;
    bytes[11] = (byte) 0xff;
    System.arraycopy(address, 0, bytes, 12, V4);
    return bytes;
  }

  private static String toText(ByteString address) {
    if (address.size() != V4 && address.size() != V6) {
      throw new EvaluationException(
          "NET.IP_TO_STRING() encountered an invalid IP address. Expected 4 (for IPv4) or 16 (for"
              + " IPv6) bytes but got "
              + address.size());
    }
    byte[] bytes = address.toByteArray();
    try {
      if (bytes.length == V6) {
        return v6ToText(bytes);
      }
      return InetAddresses.toAddrString(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes are an address", e);
    }
  }

  /** As inet_ntop: the IPv4 part of mapped and compatible addresses is written with dots. */
  private static String v6ToText(byte[] bytes) throws UnknownHostException {
    boolean zeros = true;
    for (int i = 0; i < 10; i++) {
      zeros &= bytes[i] == 0;
    }
    boolean mapped = bytes[10] == -1 && bytes[11] == -1;
    boolean compatible = bytes[10] == 0 && bytes[11] == 0 && (bytes[12] != 0 || bytes[13] != 0);
    if (zeros && (mapped || compatible)) {
      String v4 =
          (bytes[12] & 0xff)
              + "."
              + (bytes[13] & 0xff)
              + "."
              + (bytes[14] & 0xff)
              + "."
              + (bytes[15] & 0xff);
      return (mapped ? "::ffff:" : "::") + v4;
    }
    return InetAddresses.toAddrString(Inet6Address.getByAddress(null, bytes, -1));
  }

  private static ByteString mask(Long length, Long prefix) {
    if (length != V4 && length != V6) {
      throw new EvaluationException(
          "The first argument of NET.IP_NET_MASK() must be either 4 (for IPv4) or 16 (for IPv6);"
              + " got "
              + length);
    } else if (prefix < 0 || prefix > length * 8) {
      throw new EvaluationException(
          "The second argument of NET.IP_NET_MASK() must be between 0 and the first argument * 8;"
              + " got "
              + prefix);
    }
    byte[] ones = new byte[length.intValue()];
    java.util.Arrays.fill(ones, (byte) 0xff);
    return keep(ones, prefix.intValue());
  }

  private static ByteString truncate(ByteString address, Long prefix) {
    if (address.size() != V4 && address.size() != V6) {
      throw new EvaluationException(
          "The first argument of NET.IP_TRUNC() must have length 4 (for IPv4) or 16 (for IPv6);"
              + " got "
              + address.size());
    } else if (prefix < 0 || prefix > address.size() * 8L) {
      throw new EvaluationException(
          "The second argument of NET.IP_TRUNC() must be between 0 and 8 * LENGTH(first argument);"
              + " got "
              + prefix);
    }
    return keep(address.toByteArray(), prefix.intValue());
  }

  /** The first bits; the others become 0. */
  private static ByteString keep(byte[] bytes, int bits) {
    for (int i = 0; i < bytes.length; i++) {
      int here = Math.max(0, Math.min(8, bits - 8 * i));
      bytes[i] &= (byte) (0xff00 >> here);
    }
    return ByteString.copyFrom(bytes);
  }

  private static ByteString fromLong(Long value) {
    if (value < -0x80000000L || value > 0xFFFFFFFFL) {
      throw new EvaluationException(
          "NET.IPV4_FROM_INT64() encountered an invalid integer IP. Expected range: [-0x80000000,"
              + " 0xFFFFFFFF]; got "
              + value);
    }
    int bits = value.intValue();
    return ByteString.copyFrom(
        new byte[] {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits});
  }

  private static Long toLong(ByteString address) {
    if (address.size() != V4) {
      throw new EvaluationException(
          "NET.IPV4_TO_INT64() encountered a non-IPv4 address. Expected 4 bytes but got "
              + address.size());
    }
    return address.asReadOnlyByteBuffer().getInt() & 0xFFFFFFFFL;
  }
}
