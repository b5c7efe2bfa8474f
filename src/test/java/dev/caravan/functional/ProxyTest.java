package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Simulator;
import dev.caravan.testing.ConnectProxy;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.HttpsFront;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** A host that reaches the API through an HTTP proxy only, behind a certificate of its own. */
class ProxyTest {
  private static final String PASSWORD = "s3cret-of-the-proxy";

  @TempDir Path home;
  @TempDir Path keys;

  private static int port(Simulator simulator) {
    return URI.create(simulator.baseUrl()).getPort();
  }

  /** Three invoices; the API is reached under a name that only the proxy knows. */
  private InvoiceNight behind(InvoiceNight night, HttpsFront front, ConnectProxy proxy) {
    return night
        .set("anthropic.base-url", front.url())
        .set("http.proxy", proxy.url())
        .set("http.proxy-user", "ops")
        .set("http.proxy-password", PASSWORD)
        .set("http.ca-file", front.pem().toString())
        .invoices(1, 3);
  }

  private static int posts(HttpsFront front) {
    return front.seen().split("POST /v1/messages/batches HTTP", -1).length - 1;
  }

  @EachDatabase(DatabaseVendor.H2)
  void aNightGoesThroughAProxyWithALoginAndNeitherSeesTheOthersSecret(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database);
        HttpsFront front = HttpsFront.before(port(night.simulator()), keys);
        ConnectProxy proxy = ConnectProxy.to(front.port(), "ops", PASSWORD)) {
      behind(night, front, proxy).start().extract().submit().untilDone();

      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      assertThat(posts(front)).isEqualTo(1);
      assertThat(night.simulator().books().calls().get(Endpoint.CREATE)).isEqualTo(1);
      assertThat(front.seen())
          .contains("Authorization: Bearer test-key")
          .doesNotContainIgnoringCase("proxy-")
          .doesNotContain(PASSWORD);
      assertThat(proxy.heads())
          .allMatch(head -> head.startsWith("CONNECT " + HttpsFront.HOST + ":443 HTTP/1.1\r\n"))
          .anyMatch(head -> head.contains("Proxy-Authorization: Basic "));
      assertThat(proxy.seen())
          .doesNotContain("test-key")
          .doesNotContainIgnoringCase("\nauthorization:")
          .doesNotContain("Cloud hosting");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void whatTheProxyAnswersInsteadOfConnectingIsNeverAnAnswerOfTheApi(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database);
        HttpsFront front = HttpsFront.before(port(night.simulator()), keys);
        ConnectProxy proxy = ConnectProxy.to(front.port(), "ops", PASSWORD)) {
      behind(night, front, proxy).start().extract();
      List<String> answers =
          List.of(
              "400 Bad Request",
              "401 Unauthorized",
              "403 Forbidden",
              "407 Proxy Authentication Required",
              "429 Too Many Requests",
              "500 Internal Server Error",
              "502 Bad Gateway",
              "503 Service Unavailable",
              "504 Gateway Timeout",
              "302 Found");
      for (String answer : answers) {
        // the GET before the POST passes
        proxy.passing().answer(answer);
        night.submit();
        assertThat(night.states()).as(answer).containsExactly("ready");
        assertThat(night.newest().cause()).as(answer).isEqualTo("unreachable");
        assertThat(night.newest().detail())
            .as(answer)
            .contains(proxy.url())
            .contains(answer.substring(0, 3));
        night.minutes(1);
      }
      assertThat(posts(front)).isZero();
      assertThat(night.pause()).isEmpty();

      night.submit();

      assertThat(night.states()).containsExactly("in_progress");
      assertThat(posts(front)).isEqualTo(1);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aProxyThatDoesNotAnswerIsWaitedForAsLongAsAConnectionNotAsLongAsAnUpload(
      TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database);
        HttpsFront front = HttpsFront.before(port(night.simulator()), keys);
        ConnectProxy proxy = ConnectProxy.to(front.port(), "ops", PASSWORD)) {
      behind(night, front, proxy).set("http.connect-timeout", "1s").start().extract();
      proxy.passing().stayingSilent();

      night.submit();

      assertThat(night.states()).containsExactly("ready");
      assertThat(night.newest().detail())
          .contains("through the proxy " + proxy.url())
          .contains("no answer within http.connect-timeout");
      night.minutes(1).submit().untilDone();
      assertThat(posts(front)).isEqualTo(1);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aServerThatNeverFinishesTheHandshakeHasAcceptedNothing(TestDatabase database)
      throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database);
        HttpsFront front = HttpsFront.before(port(night.simulator()), keys);
        ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ConnectProxy proxy = ConnectProxy.to(silent.getLocalPort())) {
      behind(night, front, proxy).set("http.connect-timeout", "1s").start().extract().submit();

      assertThat(night.states()).containsExactly("ready");
      assertThat(night.newest().detail()).contains("no answer within http.connect-timeout");
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void theSimulatorOnLoopbackIsReachedWithoutTheProxy(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database);
        ConnectProxy proxy = ConnectProxy.to(port(night.simulator()))) {
      night.set("http.proxy", proxy.url()).invoices(1, 3).start().extract().submit().untilDone();

      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      assertThat(proxy.heads()).isEmpty();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void theHeartbeatGoesTheSameWay(TestDatabase database) throws Exception {
    HttpServer monitor =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    monitor.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    monitor.start();
    try (InvoiceNight night = InvoiceNight.in(home, database);
        HttpsFront front = HttpsFront.before(monitor.getAddress().getPort(), keys);
        ConnectProxy proxy = ConnectProxy.to(front.port(), "ops", PASSWORD)) {
      String api = night.simulator().baseUrl();
      behind(night, front, proxy)
          .set("anthropic.base-url", api)
          .set("heartbeat.url", front.url() + "/ping/secret")
          .start()
          .extract()
          .submit()
          .untilDone();
      proxy.answer("503 Service Unavailable");
      tell(night);
      assertThat(front.seen()).isEmpty();
      night.minutes(6);
      tell(night);
      assertThat(front.seen()).startsWith("GET /ping/secret HTTP/1.1").doesNotContain("test-key");
      assertThat(proxy.seen()).doesNotContain("/ping");
    } finally {
      monitor.stop(0);
    }
  }

  private static void tell(InvoiceNight night) {
    night.fixture().application().call("direct:report", Map.of("job", InvoiceNight.JOB));
    night.fixture().call("direct:heartbeat");
  }

  @EachDatabase(DatabaseVendor.H2)
  void aCertificateThatIsNotTrustedIsNoDoubt(TestDatabase database) throws Exception {
    Path other = Files.createDirectory(keys.resolve("other"));
    try (InvoiceNight night = InvoiceNight.in(home, database);
        HttpsFront front = HttpsFront.before(port(night.simulator()), keys);
        HttpsFront another = HttpsFront.before(port(night.simulator()), other);
        ConnectProxy proxy = ConnectProxy.to(front.port(), "ops", PASSWORD)) {
      behind(night, front, proxy).set("http.ca-file", another.pem().toString()).start();
      night.extract().submit();

      assertThat(night.states()).containsExactly("ready");
      assertThat(night.newest().detail())
          .contains("the certificate of " + HttpsFront.HOST + ":443 is not trusted")
          .contains("http.ca-file");
      assertThat(front.seen()).doesNotContain("test-key");
    }
  }
}
