package dev.caravan.simulator;

import java.io.IOException;
import java.net.Socket;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpServerConnection;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.io.CloseMode;

/**
 * A server connection on which a body may break off: closed before the last chunk is written, which
 * would make a cut body look whole.
 */
final class CuttableConnection extends DefaultBHttpServerConnection {
  private CuttableConnection() {
    super(URIScheme.HTTP.id, Http1Config.DEFAULT);
  }

  static CuttableConnection on(Socket socket) throws IOException {
    CuttableConnection connection = new CuttableConnection();
    connection.bind(socket);
    return connection;
  }

  @Override
  public void sendResponseEntity(ClassicHttpResponse response) throws HttpException, IOException {
    if (response.getEntity() != null) {
      response.setEntity(
          new HttpEntityWrapper(response.getEntity()) {
            @Override
            public void writeTo(java.io.OutputStream out) throws IOException {
              try {
                super.writeTo(out);
              } catch (ConnectionCut cut) {
                if (cut.reset()) {
                  CuttableConnection.this.close(CloseMode.IMMEDIATE);
                }
                CuttableConnection.this.close();
                throw cut;
              }
            }
          });
    }
    super.sendResponseEntity(response);
  }
}
