package dev.caravan.submit;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Request;
import dev.caravan.batch.Run;
import dev.caravan.batch.Unaccepted;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Ledger;
import dev.caravan.ledger.Requests;
import dev.caravan.ledger.Runs;
import dev.caravan.settings.Job;
import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.Settings;
import dev.caravan.spool.Assembly;
import dev.caravan.spool.BatchAssembler;
import dev.caravan.spool.RequestLine;
import dev.caravan.spool.Spool;
import dev.caravan.spool.SpoolFailed;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends records again within their run, in new batches under new nonces; reads no source row. */
public final class Resender {
  private static final Logger LOG = LoggerFactory.getLogger(Resender.class);
  private static final int MOST_AT_ONCE = 50_000;
  private static final String TOO_LARGE = "batch_too_large";

  private final Ledger ledger;
  private final Runs runs;
  private final Batches batches;
  private final Requests requests;
  private final JobCatalog jobs;
  private final Spool spool;
  private final OldLines lines;
  private final BatchAssembler assembler;
  private final Settings settings;
  private final Clock clock;
  private final Queue<String> brokenOff = new ConcurrentLinkedQueue<>();

  public Resender(
      Ledger ledger,
      Runs runs,
      Batches batches,
      Requests requests,
      JobCatalog jobs,
      Spool spool,
      OldLines lines,
      BatchAssembler assembler,
      Settings settings,
      Clock clock) {
    this.ledger = ledger;
    this.runs = runs;
    this.batches = batches;
    this.requests = requests;
    this.jobs = jobs;
    this.spool = spool;
    this.lines = lines;
    this.assembler = assembler;
    this.settings = settings;
    this.clock = clock;
  }

  /** Jobs with records to send again now; what a dead process left half-written is undone first. */
  public List<String> due() {
    batches.abandonedWriting().stream().map(Batch::nonce).forEach(this::dissolved);
    brokenOff.removeIf(this::dissolved);
    // records may have become final without a result: refused, given up, answered by a twin
    runs.endFinished();
    return requests.jobsToResend(clock.instant()).stream().filter(jobs::has).toList();
  }

  /** A file that can't be deleted now keeps nothing else waiting. */
  private boolean dissolved(String nonce) {
    try {
      batches.writing(nonce).ifPresent(batch -> Spool.delete(spool.requests(batch)));
    } catch (SpoolFailed e) {
      LOG.warn("What was written of batch {} is not removed yet: {}", nonce, e.getMessage());
      return false;
    }
    ledger.inTransaction(() -> batches.dissolve(nonce, requests));
    return true;
  }

  /** What a job has to send again, in groups that may share a batch. */
  public List<Resend> groups(@Body String job) {
    List<Resend> groups = new ArrayList<>();
    List<Request> waiting = new ArrayList<>(requests.toResend(job, clock.instant(), MOST_AT_ONCE));
    Set<String> collecting = Set.copyOf(batches.collecting());
    // the rest of such a batch may have to be sent again as well: they go together
    waiting.removeIf(request -> collecting.contains(request.nonce()));
    while (!waiting.isEmpty()) {
      Request first = waiting.get(0);
      List<Request> group = waiting.stream().filter(other -> together(first, other)).toList();
      waiting.removeIf(other -> together(first, other));
      groups.add(resend(first, group));
    }
    return groups;
  }

  /** Requests of one run go together; those of a batch that was too large stay among themselves. */
  private static boolean together(Request first, Request other) {
    boolean large = TOO_LARGE.equals(first.cause()) || TOO_LARGE.equals(other.cause());
    return first.runId() == other.runId() && (!large || first.nonce().equals(other.nonce()));
  }

  private Resend resend(Request first, List<Request> group) {
    Run run = runs.get(first.runId());
    Job job = jobs.get(run.job());
    int limit = Math.min(job.maxRequests(), settings.submit().maxRequests());
    int maxRequests =
        TOO_LARGE.equals(first.cause()) ? Math.min(limit, (group.size() + 1) / 2) : limit;
    long maxBytes = settings.submit().maxBytes();
    String folder = Spool.folder(run.dueAt(), job.zone(), job.name());
    return new Resend(job, new Assembly(run, folder, maxRequests, maxBytes, before(group)), group);
  }

  /** What came of the batches that these requests were in: pauses grow from nonce to nonce. */
  private Unaccepted before(List<Request> group) {
    return group.stream()
        .map(Request::nonce)
        .distinct()
        .map(nonce -> batches.get(nonce).unaccepted())
        .reduce(Unaccepted.NONE, Unaccepted::and);
  }

  /** The requests of a group in chunks. */
  public Iterator<List<Integer>> chunks(@Body Resend resend, Exchange exchange) {
    exchange.setVariable("resend", resend);
    exchange.setVariable("assembly", resend.assembly());
    LOG.info(
        "Job {}: {} records are sent again ({})",
        resend.job().name(),
        resend.requests().size(),
        resend.requests().get(0).cause());
    int size = settings.extract().chunk();
    return IntStream.iterate(0, from -> from < resend.requests().size(), from -> from + size)
        .mapToObj(
            from ->
                IntStream.range(from, Math.min(from + size, resend.requests().size()))
                    .boxed()
                    .toList())
        .iterator();
  }

  /** The lines of a chunk of requests; their places in the group are their n. */
  public List<RequestLine> again(@Body List<Integer> places, @Variable("resend") Resend resend) {
    return places.stream()
        .flatMap(n -> lines.copy(resend.requests().get(n), n, resend).stream())
        .toList();
  }

  /** The resend broke off: what was not written waits as before. */
  public void failed(
      @ExchangeException Exception failure, @Variable("resend") @Nullable Resend resend) {
    if (resend != null) {
      // dissolved at the next tick: now the database may be what failed
      assembler.discard(resend.assembly(), failure).ifPresent(brokenOff::add);
    }
  }
}
