package dev.caravan.cli;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.caravan.Application;
import dev.caravan.batch.Run;
import dev.caravan.ledger.EmbeddedDatabase;
import dev.caravan.settings.OwnerOnly;
import dev.caravan.settings.Secret;
import dev.caravan.settings.Settings;
import dev.caravan.simulator.Simulator;
import dev.caravan.simulator.SimulatorOptions;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** One whole night on this machine alone: embedded database, simulator, mail sink. */
@Command(
    name = "demo",
    description =
        "Play one night here: embedded database, simulated API, mail sink; costs nothing.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final Duration PROCESSING = Duration.ofSeconds(3);

  @Mixin Options options = new Options();

  @Option(names = "--rows", defaultValue = "240", description = "Invoices (${DEFAULT-VALUE}).")
  int rows;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Path home = DemoHome.create(options.home);
    GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mail.start();
    try (Simulator simulator =
        Simulator.start(SimulatorOptions.defaults().withProcessing(PROCESSING).withRetryAfter(1))) {
      DemoModel.teach(simulator);
      Options demo = settings(home, simulator.baseUrl(), mail.getSmtp().getPort());
      DemoInvoices.create(database(demo), rows, LocalDate.now(Clock.systemDefaultZone()));
      try (Session session = Session.open(demo)) {
        return play(session, mail, home, out).code();
      }
    } finally {
      mail.stop();
    }
  }

  private Options settings(Path home, String api, int smtpPort) {
    Options demo = new Options();
    demo.home = home;
    demo.settings.put(
        "db.url", "jdbc:h2:file:" + home.resolve("data/ledger") + ";AUTO_SERVER=TRUE");
    demo.settings.put("db.user", "");
    demo.settings.put("db.password", "");
    demo.settings.put("db.schema", "");
    demo.settings.put("anthropic.base-url", api);
    demo.environment = Map.of("ANTHROPIC_API_KEY", "demo");
    demo.settings.put("smtp.host", "127.0.0.1");
    demo.settings.put("smtp.port", Integer.toString(smtpPort));
    demo.settings.put("mail.from", "caravan@example.org");
    demo.settings.put("mail.to", "accounts-payable@example.org");
    demo.settings.put("poll.first", "1s");
    demo.settings.put("retry.backoff", "1s x2 <=2s");
    demo.settings.put("spool.dir", home.resolve("data/spool").toString());
    return demo;
  }

  private static JdbcTemplate database(Options demo) throws IOException, SQLException {
    OwnerOnly.folder(demo.home.resolve("data"));
    Settings.Database database =
        EmbeddedDatabase.withLogin(
            new Settings.Database(
                String.valueOf(demo.settings.get("db.url")), null, new Secret(""), null));
    return new JdbcTemplate(
        new DriverManagerDataSource(
            database.url(), String.valueOf(database.user()), database.password().reveal()));
  }

  private ExitCode play(Session session, GreenMail mail, Path home, PrintWriter out)
      throws Exception {
    DemoStory story = new DemoStory(session.ledger(), out);
    story.begin(rows);
    try (Application application = session.application(false)) {
      Rounds rounds = new Rounds(application, session.ledger(), new Stop(), Clock.systemUTC());
      Run run = rounds.extract("invoices", null).orElseThrow();
      story.extracted(run);
      Session.call(application, "direct:submit", Map.of());
      story.submitted(run);
      rounds.untilEnded(run.id(), null);
      story.collected(run);
      Session.call(application, "direct:report", Map.of("job", "invoices"));
      Path html = save(mail, home, out);
      story.end(options.home, home, html);
      return new Standing(session.ledger()).of(run);
    }
  }

  private static Path save(GreenMail mail, Path home, PrintWriter out) throws Exception {
    mail.waitForIncomingEmail(10_000, 1);
    MimeMessage message = mail.getReceivedMessages()[0];
    Multipart twins = (Multipart) message.getContent();
    Path file = home.resolve("data/report.html");
    for (int i = 0; i < twins.getCount(); i++) {
      Part part = twins.getBodyPart(i);
      if (part.isMimeType("text/html")) {
        Files.writeString(file, part.getContent().toString());
      } else {
        out.println("report   mailed to the sink: " + message.getSubject());
        out.println();
        out.println(part.getContent().toString().indent(2));
      }
    }
    return file;
  }
}
