package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.STRING;

import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Hashes of bytes, and of strings as their UTF-8. */
final class HashFunctions {

  private HashFunctions() {}

  static void register(Registry registry) {
    registry
        .add("FARM_FINGERPRINT")
        .takes(STRING)
        .returns(INT64)
        .strict((String text) -> fingerprint(ByteString.copyFromUtf8(text)))
        .takes(BYTES)
        .returns(INT64)
        .strict(HashFunctions::fingerprint);
    digest(registry, "MD5", "MD5");
    digest(registry, "SHA1", "SHA-1");
    digest(registry, "SHA256", "SHA-256");
    digest(registry, "SHA512", "SHA-512");
  }

  private static Long fingerprint(ByteString bytes) {
    return Hashing.farmHashFingerprint64().hashBytes(bytes.toByteArray()).asLong();
  }

  private static void digest(Registry registry, String name, String algorithm) {
    registry
        .add(name)
        .takes(STRING)
        .returns(BYTES)
        .strict((String text) -> digest(algorithm, ByteString.copyFromUtf8(text)))
        .takes(BYTES)
        .returns(BYTES)
        .strict((ByteString bytes) -> digest(algorithm, bytes));
  }

  private static ByteString digest(String algorithm, ByteString bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      return ByteString.copyFrom(digest.digest(bytes.toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}
