package dev.beamline.io;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A service cannot be reached or spoken to, which its message says in full. */
public final class ServiceException extends IOException {

  private static final long serialVersionUID = 1L;

  public ServiceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Whether nobody is there, or nobody to be trusted: asking again for long changes nothing. */
  public static boolean isUnreachable(IOException e) {
    return e instanceof UnknownHostException
        || e instanceof ConnectException
        || e instanceof NoRouteToHostException
        || e instanceof SSLException
        || (e instanceof SocketTimeoutException
            && String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("connect"));
  }

  /** The failure in words. */
  public static ServiceException unreachable(String service, IOException e) {
    String why =
        e instanceof UnknownHostException
            ? "its name is not known here (" + e.getMessage() + ")"
            : e instanceof SSLException ? untrusted(e) : String.valueOf(e.getMessage());
    return new ServiceException(service + " cannot be reached: " + why, e);
  }

  private static String untrusted(IOException e) {
    return "its certificate is not trusted ("
        + e.getMessage()
        + "); to trust it, name a store that has"
        + " it: -Djavax.net.ssl.trustStore=FILE";
  }
}
