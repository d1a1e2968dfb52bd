package dev.beamline.io.bigquery.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/** Sends connections on by their first byte: 0x16, a TLS handshake, to one port, else another. */
final class PortSplitter implements AutoCloseable {

  private static final int TLS_HANDSHAKE = 0x16;

  private final ServerSocket server;
  private final int tlsPort;
  private final int plainPort;
  private final ExecutorService threads;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private PortSplitter(ServerSocket server, int tlsPort, int plainPort, ExecutorService threads) {
    this.server = server;
    this.tlsPort = tlsPort;
    this.plainPort = plainPort;
    this.threads = threads;
  }

  static PortSplitter start(int port, int tlsPort, int plainPort, ExecutorService threads)
      throws IOException {
    ServerSocket server = new ServerSocket(port, 100, InetAddress.getByName("127.0.0.1"));
    PortSplitter splitter = new PortSplitter(server, tlsPort, plainPort, threads);
    threads.execute(splitter::accept);
    return splitter;
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        open.add(client);
        threads.execute(() -> connect(client));
      } catch (IOException | RuntimeException e) {
        if (!server.isClosed()) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private void connect(Socket client) {
    try {
      client.setTcpNoDelay(true);
      PushbackInputStream in = new PushbackInputStream(client.getInputStream());
      int first = in.read();
      if (first < 0) {
        close(client);
        return;
      }
      in.unread(first);
      Socket behind =
          new Socket(
              InetAddress.getByName("127.0.0.1"), first == TLS_HANDSHAKE ? tlsPort : plainPort);
      behind.setTcpNoDelay(true);
      open.add(behind);
      threads.execute(() -> pump(client, behind, in));
      pump(behind, client, behind.getInputStream());
    } catch (IOException e) {
      close(client);
    }
  }

  private void pump(Socket from, Socket to, InputStream in) {
    try (OutputStream out = to.getOutputStream()) {
      byte[] buffer = new byte[1 << 14];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // One of both has gone; so does the other.
    } finally {
      close(from);
      close(to);
    }
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Set.copyOf(open).forEach(this::close);
  }
}
