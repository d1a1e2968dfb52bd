package dev.beamline.io.bigquery.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** A key and a certificate that it signed itself, for 127.0.0.1, made once a JVM. */
public final class TlsIdentity {

  /** Of the stores. */
  public static final String PASSWORD = "changeit";

  private static TlsIdentity ofThisJvm;

  private final KeyStore keys;
  private final Path keyStore;
  private final Path trustStore;

  private TlsIdentity(KeyStore keys, Path keyStore, Path trustStore) {
    this.keys = keys;
    this.keyStore = keyStore;
    this.trustStore = trustStore;
  }

  public static synchronized TlsIdentity ofThisJvm() throws IOException {
    if (ofThisJvm == null) {
      try {
        ofThisJvm = make();
      } catch (GeneralSecurityException e) {
        throw new IOException(e);
      }
    }
    return ofThisJvm;
  }

  private static TlsIdentity make() throws IOException, GeneralSecurityException {
    Path folder = Files.createTempDirectory("local-bigquery");
    Path keyStore = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "local",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "SAN=IP:127.0.0.1,DNS:localhost",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                keyStore.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    try {
      if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IOException(Files.readString(folder.resolve("keytool.log")));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("local", keys.getCertificate("local"));
    Path trustStore = folder.resolve("trust.p12");
    try (OutputStream out = Files.newOutputStream(trustStore)) {
      trusted.store(out, PASSWORD.toCharArray());
    }
    return new TlsIdentity(keys, keyStore, trustStore);
  }

  KeyManager[] keyManagers() throws IOException {
    try {
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(keys, PASSWORD.toCharArray());
      return factory.getKeyManagers();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** The key with its certificate, in PKCS12. */
  public Path keyStore() {
    return keyStore;
  }

  /** What trusts it, in PKCS12. */
  public Path trustStore() {
    return trustStore;
  }

  /** Has this JVM trust the certificate; tests of this project speak TLS to nobody else. */
  void trust() {
    System.setProperty("javax.net.ssl.trustStore", trustStore.toString());
    System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
  }
}
