package dev.caravan;

import dev.caravan.api.AnthropicClient;
import dev.caravan.api.BatchesApi;
import dev.caravan.api.Download;
import dev.caravan.api.OutboundHttp;
import dev.caravan.api.ReadBreaker;
import dev.caravan.batch.Alerts;
import dev.caravan.batch.Nonce;
import dev.caravan.collect.Answers;
import dev.caravan.collect.Collector;
import dev.caravan.collect.Decisions;
import dev.caravan.collect.Deletion;
import dev.caravan.collect.Expiry;
import dev.caravan.collect.Judge;
import dev.caravan.collect.KeptAnswers;
import dev.caravan.collect.Missing;
import dev.caravan.collect.ResultLines;
import dev.caravan.collect.ResultsFile;
import dev.caravan.collect.RetryTime;
import dev.caravan.extract.Chunks;
import dev.caravan.extract.DryRun;
import dev.caravan.extract.EndOfLife;
import dev.caravan.extract.Extractor;
import dev.caravan.extract.GatheredLines;
import dev.caravan.extract.ModelRule;
import dev.caravan.extract.PromptVersions;
import dev.caravan.extract.Prompts;
import dev.caravan.extract.RequestWriter;
import dev.caravan.extract.RunGate;
import dev.caravan.housekeeping.Retention;
import dev.caravan.ledger.Aged;
import dev.caravan.load.LoadSql;
import dev.caravan.load.LoadTransaction;
import dev.caravan.load.Loader;
import dev.caravan.poll.LookSchedule;
import dev.caravan.poll.Poller;
import dev.caravan.report.Heartbeat;
import dev.caravan.report.MailSession;
import dev.caravan.report.MailTexts;
import dev.caravan.report.MailedAlerts;
import dev.caravan.report.MessageIds;
import dev.caravan.report.Outbox;
import dev.caravan.report.ReportMails;
import dev.caravan.report.RunReports;
import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.Prices;
import dev.caravan.settings.Settings;
import dev.caravan.spool.BatchAssembler;
import dev.caravan.spool.FreeSpace;
import dev.caravan.spool.Spool;
import dev.caravan.submit.Adoption;
import dev.caravan.submit.BatchList;
import dev.caravan.submit.CandidateWatch;
import dev.caravan.submit.Doubts;
import dev.caravan.submit.OldLines;
import dev.caravan.submit.Resender;
import dev.caravan.submit.Settlement;
import dev.caravan.submit.Submission;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.spi.Registry;

/** Where every bean is born, under the name that the routes call it by. */
final class Wiring {
  private static final List<Duration> LOAD_AGAIN =
      List.of(Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(5));

  private final Settings settings;
  private final JobCatalog jobs;
  private final Prices prices;
  private final LedgerBeans db;
  private final Clock clock;
  private final Registry registry;
  private final ProducerTemplate producer;
  private final SecureRandom random = new SecureRandom();
  private final Nonce nonces = new Nonce(random);
  private final Spool spool;
  private final FreeSpace space;
  private final ReadBreaker breaker;
  private final BatchesApi api;
  private final MailTexts texts;
  private final MessageIds messageIds;
  private final Alerts alerts;

  Wiring(
      Settings settings,
      JobCatalog jobs,
      Prices prices,
      LedgerBeans db,
      Clock clock,
      Registry registry,
      ProducerTemplate producer,
      ReadBreaker breaker) {
    this.settings = settings;
    this.jobs = jobs;
    this.prices = prices;
    this.db = db;
    this.clock = clock;
    this.registry = registry;
    this.producer = producer;
    this.spool = new Spool(settings.spool().dir());
    this.space = new FreeSpace(settings.spool().dir(), settings.spool().minFree());
    this.breaker = breaker;
    this.api = new BatchesApi(producer);
    this.texts = new MailTexts(settings.home().resolve("templates/mail"));
    this.messageIds = new MessageIds(db.home, settings.mail().from());
    this.alerts =
        new MailedAlerts(db.ledger, db.mails, db.actions, texts, messageIds, settings.mail());
  }

  /** Binds all of them. */
  void bind(DataSource reader) {
    registry.bind("reader", reader);
    registry.bind("writer", db.writer());
    registry.bind("alerts", alerts);
    registry.bind("dryRun", new DryRun(reader, jobs, producer, clock));
    anthropic();
    extract();
    submit();
    poll();
    collect();
    load();
    report();
  }

  private void anthropic() {
    OutboundHttp outbound = new OutboundHttp(settings.http());
    registry.bind("outboundHttp", outbound);
    registry.bind("anthropicClient", new AnthropicClient(settings.anthropic(), outbound));
    registry.bind("readBreaker", breaker.circuitBreaker());
    registry.bind("download", new Download());
  }

  private void extract() {
    BatchAssembler assembler =
        new BatchAssembler(spool, space, db.batches, db.requests, nonces, random);
    Extractor extractor =
        new Extractor(
            db.ledger,
            db.runs,
            db.batches,
            db.requests,
            db.schemas,
            db.asked,
            new PromptVersions(new ModelRule(producer.getCamelContext())),
            jobs,
            spool,
            assembler,
            settings,
            nonces,
            new EndOfLife(prices, clock));
    registry.bind("extractWorkers", Workers.of("extract", settings.extract().workers()));
    registry.bind("requestLines", new GatheredLines());
    registry.bind("batchAssembler", assembler);
    registry.bind("extractor", extractor);
    registry.bind("chunks", new Chunks(settings.extract().chunk()));
    registry.bind("prompts", new Prompts());
    registry.bind(
        "requestWriter", new RequestWriter(prices, settings.submit().maxRequestBytes(), clock));
    registry.bind(
        "runGate",
        new RunGate(db.runs, db.jobs, extractor, assembler, alerts, settings.retry(), clock));
    resend(assembler);
  }

  private void resend(BatchAssembler assembler) {
    OldLines old = new OldLines(db.batches, db.requests, prices, spool);
    Resender resender =
        new Resender(
            db.ledger,
            db.runs,
            db.batches,
            db.requests,
            jobs,
            spool,
            old,
            assembler,
            settings,
            clock);
    registry.bind("resender", resender);
  }

  private void submit() {
    Settlement settlement =
        new Settlement(db.ledger, db.batches, db.requests, db.jobs, alerts, spool, settings, clock);
    registry.bind("adoption", new Adoption(db.batches, db.candidates, api, settlement, clock));
    registry.bind(
        "submission",
        new Submission(db.ledger, db.batches, api, settlement, spool, settings, clock));
    CandidateWatch watch = new CandidateWatch(db.batches, db.candidates, api, spool, clock);
    BatchList list = new BatchList(api, clock);
    Doubts doubts =
        new Doubts(
            db.ledger, db.batches, db.candidates, watch, list, settlement, alerts, settings, clock);
    registry.bind("doubts", doubts);
  }

  private void poll() {
    LookSchedule schedule = new LookSchedule(settings.poll(), settings.deadline());
    registry.bind(
        "poller",
        new Poller(db.ledger, db.batches, api, alerts, schedule, settings.deadline(), clock));
  }

  private void collect() {
    Judge judge = new Judge(new Answers(db.schemas), settings.submit().attempts());
    ResultsFile results = new ResultsFile(api, db.batches, spool, space, clock);
    RetryTime retryTime = new RetryTime(settings.retry(), clock);
    Missing missing = new Missing(db.ledger, db.batches, results, alerts, clock);
    Collector collector =
        new Collector(db.batches, db.requests, db.runs, results, judge, retryTime, missing, clock);
    registry.bind("collector", collector);
    registry.bind("expiry", new Expiry(db.batches, spool, alerts, clock));
    registry.bind(
        "deletion", new Deletion(db.batches, api, spool, settings.collect().deleteAtApi(), clock));
    int longest = ResultLines.longest(Runtime.getRuntime().maxMemory());
    ResultLines lines = new ResultLines(spool, settings.load().chunk(), longest);
    registry.bind("resultLines", lines);
    Decisions decisions = new Decisions(db.requests, judge, prices, jobs, retryTime, clock);
    registry.bind("decisions", decisions);
    registry.bind("keptAnswers", new KeptAnswers(db.batches, decisions, lines));
  }

  private void load() {
    LoadTransaction transaction =
        new LoadTransaction(db.ledger, db.requests, db.outcomes, jobs, producer);
    registry.bind("loadWorkers", Workers.of("load", settings.load().workers()));
    registry.bind("loadSql", new LoadSql(db.writer(), jobs));
    registry.bind("loader", new Loader(db.ledger, transaction, db.jobs, alerts, LOAD_AGAIN, clock));
  }

  private void report() {
    RunReports reports = new RunReports(db.reports, db.batches, db.jobs, settings.report(), clock);
    registry.bind("mailSession", MailSession.of(settings.smtp()));
    Aged aged = new Aged(db.ledger, db.batches);
    registry.bind("retention", new Retention(aged, spool, settings));
    registry.bind("heartbeat", new Heartbeat(db.runs, settings.heartbeat(), clock));
    registry.bind("outbox", new Outbox(db.mails, settings.smtp(), settings.mail()));
    ReportMails mails =
        new ReportMails(
            db.ledger,
            db.runs,
            db.mails,
            reports,
            texts,
            messageIds,
            jobs::get,
            settings.mail(),
            alerts);
    registry.bind("reports", mails);
  }
}
