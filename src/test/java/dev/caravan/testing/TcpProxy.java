package dev.caravan.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on loopback between the product and a server: it may be away, cut what it carries,
 * and lets a test see the bytes before they are passed on. Faults come from here, not from the
 * product.
 */
public final class TcpProxy implements AutoCloseable {
  /** Sees what one connection carries; made anew for each connection. */
  public interface Watch {
    /**
     * Bytes from the product to the server, before they are passed on.
     *
     * @return false to cut the connection instead
     */
    default boolean toServer(byte[] bytes) {
      return true;
    }

    /**
     * Bytes from the server to the product, before they are passed on.
     *
     * @return false to cut the connection instead
     */
    default boolean toProduct(byte[] bytes) {
      return true;
    }
  }

  private final int target;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Supplier<Watch> watches = () -> new Watch() {};
  private @Nullable ServerSocket listener;
  private @Nullable Thread acceptor;

  private TcpProxy(int target) throws IOException {
    this.target = target;
    ServerSocket first = listen(0);
    this.port = first.getLocalPort();
    accept(first);
  }

  public static TcpProxy to(int target) {
    try {
      return new TcpProxy(target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /** New connections are watched by what this gives. */
  public TcpProxy watch(Supplier<Watch> watch) {
    watches = watch;
    return this;
  }

  /** Cuts what is open and refuses what is new. */
  public synchronized void away() {
    try {
      if (listener != null) {
        listener.close();
        listener = null;
      }
      if (acceptor != null) {
        // the port takes connections until the thread that waits for them has seen the end
        acceptor.join();
        acceptor = null;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    cut();
  }

  /** Takes new connections again. */
  public synchronized void back() {
    try {
      if (listener == null) {
        accept(listen(port));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cuts every open connection; new ones are taken. */
  public void cut() {
    open.forEach(TcpProxy::close);
    open.clear();
  }

  @Override
  public void close() {
    away();
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  private void accept(ServerSocket socket) {
    listener = socket;
    acceptor =
        daemon(
            () -> {
              while (!socket.isClosed()) {
                try {
                  carry(socket.accept());
                } catch (IOException e) {
                  // closed by away(), or the server is not there: the product sees a cut connection
                }
              }
            });
  }

  private void carry(Socket product) throws IOException {
    open.add(product);
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      open.add(server);
      product.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Watch watch = watches.get();
      daemon(() -> pump(product, server, watch::toServer));
      daemon(() -> pump(server, product, watch::toProduct));
    } catch (IOException e) {
      close(product);
      throw e;
    }
  }

  private interface Gate {
    boolean passes(byte[] bytes);
  }

  private void pump(Socket from, Socket to, Gate gate) {
    byte[] buffer = new byte[64 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (!gate.passes(Arrays.copyOf(buffer, n))) {
          break;
        }
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // either side is gone
    } finally {
      close(from);
      close(to);
      open.remove(from);
      open.remove(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "tcp-proxy");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
