package dev.caravan.extract;

import dev.caravan.batch.BatchState;
import dev.caravan.batch.Claim;
import dev.caravan.batch.Known;
import dev.caravan.batch.Nonce;
import dev.caravan.batch.Reasons;
import dev.caravan.batch.RecordFault;
import dev.caravan.batch.Refusal;
import dev.caravan.batch.Renewal;
import dev.caravan.batch.Run;
import dev.caravan.batch.Unreadable;
import dev.caravan.batch.Written;
import dev.caravan.ledger.AskedKeys;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Ledger;
import dev.caravan.ledger.Renewals;
import dev.caravan.ledger.Requests;
import dev.caravan.ledger.Runs;
import dev.caravan.ledger.Schemas;
import dev.caravan.ledger.Vendor;
import dev.caravan.settings.Job;
import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.PromptTemplate;
import dev.caravan.settings.Settings;
import dev.caravan.spool.Assembly;
import dev.caravan.spool.BatchAssembler;
import dev.caravan.spool.FreeSpace;
import dev.caravan.spool.Spool;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;

/**
 * Claims the rows of a run chunk by chunk, names what it skips, and sets aside what can't be sent.
 */
public final class Extractor {
  /** So many refused records with none written: the fault is the job's, not the records'. */
  private static final int HOPELESS = 50;

  private final Ledger ledger;
  private final Runs runs;
  private final Batches batches;
  private final Requests requests;
  private final Renewals hashes;
  private final Schemas schemas;
  private final AskedKeys asked;
  private final PromptVersions versions;
  private final JobCatalog jobs;
  private final Spool spool;
  private final BatchAssembler assembler;
  private final Settings settings;
  private final Nonce nonces;
  private final EndOfLife endOfLife;

  public Extractor(
      Ledger ledger,
      Runs runs,
      Batches batches,
      Requests requests,
      Schemas schemas,
      AskedKeys asked,
      PromptVersions versions,
      JobCatalog jobs,
      Spool spool,
      BatchAssembler assembler,
      Settings settings,
      Nonce nonces,
      EndOfLife endOfLife) {
    this.ledger = ledger;
    this.runs = runs;
    this.batches = batches;
    this.requests = requests;
    this.hashes = new Renewals(ledger);
    this.schemas = schemas;
    this.asked = asked;
    this.versions = versions;
    this.jobs = jobs;
    this.spool = spool;
    this.assembler = assembler;
    this.settings = settings;
    this.nonces = nonces;
    this.endOfLife = endOfLife;
  }

  /** The firing of this job due then is about these records alone, however often it begins. */
  void askFor(String job, Instant due, Set<String> keyHashes) {
    asked.keep(job, due, keyHashes);
  }

  /**
   * Begins a pass over the source of a run that this process owns.
   *
   * @throws JobFault when the job's model is gone
   */
  Extraction begin(Run ours) {
    Job job = jobs.get(ours.job());
    endOfLife.check(job);
    Scope scope = new AskedFor(asked, spool).scope(ours, job.zone());
    OutputFormat format = OutputFormat.of(job.schema());
    Run run = runs.promptVersion(ours, versions.of(job, format));
    String folder = Spool.folder(run.dueAt(), job.zone(), job.name());
    dissolve(run);
    new FreeSpace(settings.spool().dir(), settings.spool().minFree()).check();
    schemas.keep(format.hash(), format.text());
    String intake = nonces.next();
    batches.open(intake, run, folder);
    int maxRequests = Math.min(job.maxRequests(), settings.submit().maxRequests());
    return new Extraction(
        run,
        job,
        PromptTemplate.compile(
            "config/jobs/" + job.name() + "/prompt.md", job.prompt(), job.params()),
        format,
        intake,
        new Assembly(run, folder, maxRequests, settings.submit().maxBytes()),
        new KeyFile(
            spool.dir().resolve(folder).resolve("run-" + run.id() + ".keys.jsonl"), job.key()),
        scope,
        requests.records(run.id()));
  }

  /** Begins a pass that only counts what a run of finished records would be about. */
  Extraction count(String job, @Nullable Set<String> only, @Nullable Integer limit) {
    return Extraction.dry(jobs.get(job), new Scope(only, true, true), limit);
  }

  /** Forgets the batches that an earlier pass was writing: nothing of them was sent. */
  private void dissolve(Run run) {
    for (String nonce : batches.writing(run.id())) {
      String folder = batches.get(nonce).spool();
      ledger.inTransaction(() -> batches.dissolve(nonce, requests));
      Spool.delete(spool.requests(folder, nonce));
    }
  }

  /**
   * What is new of a chunk of rows, in their order; nothing is told to the ledger yet.
   *
   * @throws JobFault when every record so far was refused
   */
  public List<Claim> claim(
      @Body List<Map<String, @Nullable Object>> rows,
      @Variable("extraction") Extraction extraction,
      Exchange exchange) {
    extraction.chunks().begin(exchange);
    extraction.checkHope();
    List<ChunkClaim.Keyed> keyed =
        rows.stream().map(row -> ChunkClaim.Keyed.of(extraction.job(), row)).toList();
    long lookUp = extraction.inHand().begin();
    try {
      Map<String, Known> stored = requests.known(extraction.run().job(), Recognised.hashes(keyed));
      Recognised recognised = new Recognised(extraction.job(), keyed, stored);
      ChunkClaim chunk = decided(extraction, keyed, recognised.known());
      exchange.setVariable("chunk", chunk);
      exchange.setVariable("recognised", recognised);
      return extraction.scope().dry() ? List.of() : chunk.claims();
    } finally {
      extraction.inHand().end(lookUp);
    }
  }

  /** One chunk after the other: none must take what another one is about to tell the ledger. */
  private static ChunkClaim decided(
      Extraction extraction, List<ChunkClaim.Keyed> keyed, Map<String, Known> known) {
    synchronized (extraction) {
      ChunkClaim chunk = extraction.chunk(known);
      long open = extraction.counts().skippedOpen();
      chunk.decide(keyed, extraction.room());
      if (extraction.scope().dry()) {
        extraction.count(chunk, known, chunk.counts().skippedOpen() - open);
      } else {
        chunk.nameIn(extraction.keys());
      }
      extraction.claimed(chunk);
      return chunk;
    }
  }

  /**
   * Tells the ledger of a chunk, all or nothing: the counts, the records that can't be sent, those
   * met again, and a request for each line that was written. Lines that filled a batch it knows.
   */
  public void open(
      @Variable("extraction") Extraction extraction,
      @Variable("chunk") ChunkClaim chunk,
      @Variable("recognised") Recognised recognised) {
    if (!extraction.scope().dry()) {
      assembler.untold(
          extraction.assembly(), lines -> tell(extraction, chunk, recognised.renewals(), lines));
    }
    extraction.told(chunk);
  }

  private void tell(
      Extraction extraction, ChunkClaim chunk, List<Renewal> renewals, List<Written> lines) {
    Run run = extraction.run();
    ledger.inTransaction(
        () -> {
          // first the run: a process that took it over must not meet requests of this one
          runs.count(run, extraction.told(false));
          hashes.renew(run.job(), renewals);
          requests.seenAgain(run, chunk.seenAgain());
          requests.refuse(run, extraction.intake(), chunk.refusals());
          requests.open(run, lines);
        });
  }

  /**
   * The row of a claim, which stays at hand.
   *
   * @throws RecordFault when a value of it could not be read, or not be kept
   */
  public Map<String, @Nullable Object> row(
      @Body Claim claim, @Variable("extraction") Extraction extraction, Exchange exchange) {
    exchange.setVariable("claim", claim);
    Unreadable.check(claim.row());
    if (ledger.vendor() == Vendor.POSTGRESQL) {
      JobRows.checkWithoutNul(extraction.job(), claim.row());
    }
    return claim.row();
  }

  /** Rejects a record that can't be sent, with its cause. */
  public void reject(
      Exchange exchange,
      @Variable("claim") Claim claim,
      @Variable("chunk") @Nullable ChunkClaim chunk,
      @Variable("extraction") Extraction extraction) {
    Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    String cause = failure instanceof RecordFault fault ? fault.cause() : "request_failed";
    String detail = Reasons.of(failure);
    if (chunk == null) {
      exchange.getMessage().setBody("rejected (" + cause + "): " + detail);
      return;
    }
    chunk.refuse(new Refusal(claim, cause, detail));
    if (extraction.refusedOne() == HOPELESS && extraction.assembly().requests() == 0) {
      // thrown later: what an error handler throws, no error handler of the route would see
      extraction.hopeless(
          "The first "
              + HOPELESS
              + " records of job "
              + extraction.run().job()
              + " were all refused, so the fault is in the job: "
              + detail);
    }
  }

  /** Forgets a batch that this process was writing for a run that is no longer its own. */
  void forget(String nonce) {
    ledger.inTransaction(() -> batches.dissolve(nonce, requests));
  }

  /** The source is read to its end: the last batch gets ready, the run waits for its requests. */
  public void finish(@Variable("extraction") Extraction extraction) {
    extraction.chunks().closeComplete();
    if (extraction.scope().dry()) {
      extraction.end();
      return;
    }
    assembler.complete(extraction.assembly());
    extraction.checkHope();
    Run run = extraction.run();
    ledger.inTransaction(
        () -> {
          runs.count(run, extraction.told(true));
          asked.forget(run.job(), run.dueAt());
          int refused = requests.count(extraction.intake());
          if (refused == 0) {
            batches.delete(extraction.intake());
          } else {
            batches.refused(
                extraction.intake(), BatchState.WRITING, refused, "refused_locally", null);
          }
          runs.extracted(run.id());
        });
    extraction.end();
    runs.endFinished();
  }
}
