package dev.beamline.io.bigquery;

import dev.beamline.io.ServiceException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Finds out soon whether a service can be spoken to. */
final class Unreachable {

  private static final int PATIENCE_MILLIS = 5_000;

  private Unreachable() {}

  /**
   * Tries whether what answers at an endpoint is trusted: clients of Storage Write speak TLS to it,
   * whatever the endpoint says, and try without end where that fails.
   *
   * @param endpoint a URL
   * @throws ServiceException where there is nobody, or one who is not trusted
   */
  static void tryTls(String service, String endpoint) throws ServiceException {
    URI uri = URI.create(endpoint);
    int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("http") ? 80 : 443;
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(uri.getHost(), port), PATIENCE_MILLIS);
      plain.setSoTimeout(PATIENCE_MILLIS);
      try (SSLSocket tls =
          (SSLSocket)
              trusting().getSocketFactory().createSocket(plain, uri.getHost(), port, true)) {
        tls.startHandshake();
      }
    } catch (IOException e) {
      throw ServiceException.unreachable(service + " at " + uri.getHost() + ":" + port, e);
    } catch (GeneralSecurityException e) {
      throw new ServiceException("there is no TLS here: " + e.getMessage(), e);
    }
  }

  /** As this process is told to trust now. */
  private static SSLContext trusting() throws GeneralSecurityException {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init((KeyStore) null);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
