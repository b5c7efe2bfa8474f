package dev.caravan.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Simulator;
import dev.caravan.simulator.SimulatorOptions;
import dev.caravan.testing.ConnectProxy;
import dev.caravan.testing.HttpsFront;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What check says of a proxy, a certificate and a database, in words that name what to change. */
class NetworkCheckTest {
  @TempDir Path folder;
  @TempDir Path keys;
  private TestHome home;
  private Simulator simulator;

  @BeforeEach
  void servers() throws Exception {
    simulator = Simulator.start(SimulatorOptions.defaults());
    home =
        TestHome.in(folder).remove("config/jobs/tickets").remove("routes/jobs/tickets.camel.yaml");
  }

  @AfterEach
  void stop() throws Exception {
    simulator.close();
  }

  private HttpsFront front() throws Exception {
    return HttpsFront.before(URI.create(simulator.baseUrl()).getPort(), keys);
  }

  private TestHome behind(HttpsFront front, String proxy) {
    return home.environment("ANTHROPIC_BASE_URL", front.url())
        .environment("HTTPS_PROXY", proxy)
        .set("http.ca-file", front.pem().toString());
  }

  private String faults() {
    return String.join("\n", home.texts(false));
  }

  @Test
  void nothingIsWrongBehindAProxyWithItsLoginInTheVariable() throws Exception {
    try (HttpsFront front = front();
        ConnectProxy proxy = ConnectProxy.to(front.port(), "ops", "s3cret")) {
      behind(front, proxy.url().replace("//", "//ops:s3cret@"));

      assertThat(faults()).doesNotContain("proxy").doesNotContain("can't be reached");
    }
  }

  @Test
  void saysThatTheProxyIsNotThere() throws Exception {
    try (HttpsFront front = front()) {
      ConnectProxy gone = ConnectProxy.to(front.port());
      gone.close();
      behind(front, gone.url());

      assertThat(faults())
          .contains("HTTPS_PROXY: ")
          .contains("the proxy " + gone.url() + " can't be reached")
          .contains("Check HTTPS_PROXY");
    }
  }

  @Test
  void saysThatTheProxyWantsALoginOrRefusesIt() throws Exception {
    try (HttpsFront front = front();
        ConnectProxy proxy = ConnectProxy.to(front.port(), "ops", "s3cret")) {
      behind(front, proxy.url());
      assertThat(faults())
          .contains("the proxy " + proxy.url() + " (HTTPS_PROXY) wants a login (407)")
          .contains("http.proxy-user");

      home.set("http.proxy-user", "ops").set("http.proxy-password", "wr0ng");
      assertThat(faults())
          .contains("the proxy " + proxy.url() + " (HTTPS_PROXY) refuses the login (407)")
          .contains("Check http.proxy-user (ops)")
          .doesNotContain("wr0ng");
    }
  }

  @Test
  void saysWhatTheProxyDoesNotAllow() throws Exception {
    try (HttpsFront front = front();
        ConnectProxy proxy = ConnectProxy.to(front.port())) {
      behind(front, proxy.url());
      proxy.answer("403 Forbidden");

      assertThat(faults())
          .contains("does not connect to api.example.test:443: HTTP 403 Forbidden")
          .contains("NO_PROXY")
          .doesNotContain("the key may not do this");
    }
  }

  @Test
  void saysThatACertificateIsNotTrustedOrHasExpired() throws Exception {
    Path other = Files.createDirectory(keys.resolve("other"));
    try (HttpsFront front = front();
        ConnectProxy proxy = ConnectProxy.to(front.port());
        HttpsFront old = HttpsFront.expired(URI.create(simulator.baseUrl()).getPort(), other);
        ConnectProxy toOld = ConnectProxy.to(old.port())) {
      behind(front, proxy.url()).set("http.ca-file", "");
      assertThat(faults())
          .contains("http.ca-file: ")
          .contains("the certificate of api.example.test:443 is not trusted")
          .contains("set http.ca-file to the certificate (PEM) of its authority");

      behind(old, toOld.url());
      // Java trusts what is in the file itself, whatever its dates
      assertThat(faults()).contains("http.ca-file has only certificates that have expired");
    }
  }

  @Test
  void namesTheEmbeddedDatabaseWhereNoOtherIsSet() {
    home.environment("ANTHROPIC_BASE_URL", simulator.baseUrl());

    assertThat(faults())
        .contains("embedded database data/ledger (CARAVAN_DB_URL is not set): Table \"INVOICES\"");
  }
}
