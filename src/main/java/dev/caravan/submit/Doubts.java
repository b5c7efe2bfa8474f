package dev.caravan.submit;

import dev.caravan.batch.Alerts;
import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Candidates;
import dev.caravan.ledger.Ledger;
import dev.caravan.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;

/**
 * Settles doubt by looking: which batches of the API's list might be ours is followed until its
 * results name a nonce. Nothing is posted for these records, canceled or deleted meanwhile.
 */
public final class Doubts {
  private static final Duration SLACK = Duration.ofSeconds(1);
  private static final Duration TWIN_WINDOW = Duration.ofHours(26);
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);
  private static final Set<BatchState> LOOKED_FOR =
      Set.of(BatchState.DOUBT, BatchState.HELD, BatchState.LOST);

  private final Ledger ledger;
  private final Batches batches;
  private final Candidates candidates;
  private final CandidateWatch watch;
  private final BatchList list;
  private final Settlement settlement;
  private final Alerts alerts;
  private final Settings settings;
  private final Clock clock;
  private volatile @Nullable Shared shared;

  /** The look of this round, made at {@code at} by our clock, back to {@code from}. */
  private record Shared(BatchList.Look look, Instant from, Instant at) {}

  public Doubts(
      Ledger ledger,
      Batches batches,
      Candidates candidates,
      CandidateWatch watch,
      BatchList list,
      Settlement settlement,
      Alerts alerts,
      Settings settings,
      Clock clock) {
    this.ledger = ledger;
    this.batches = batches;
    this.candidates = candidates;
    this.watch = watch;
    this.list = list;
    this.settlement = settlement;
    this.alerts = alerts;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Nonces in doubt, held or lost whose look is due, the oldest POST first: one look back to it
   * serves them all. POSTs that nobody saw end become doubt first.
   */
  public List<String> due() {
    shared = null;
    for (Batch batch : batches.abandonedPosts(settings.anthropic().createTimeout())) {
      Instant began = batch.postBeganAt() == null ? clock.instant() : batch.postBeganAt();
      Instant longest = began.plus(settings.anthropic().createTimeout());
      Instant now = clock.instant();
      // a slow upload may have begun long before the lease ended
      Instant latestEnd = longest.isAfter(now) ? longest : now;
      settlement.doubt(batch, latestEnd, "the process that posted it is gone");
    }
    Instant now = clock.instant();
    return Stream.concat(batches.doubtful(now).stream(), batches.lost(now).stream())
        .sorted(Comparator.comparing(this::began))
        .map(Batch::nonce)
        .toList();
  }

  /** One look for one nonce, unless another process has just made it. */
  public void look(@Body String nonce) {
    Batch batch = batches.get(nonce);
    if (!isDue(batch)) {
      return;
    }
    boolean lost = batch.state() == BatchState.LOST;
    Instant from = began(batch).minus(Duration.ofMinutes(2));
    Instant to =
        lost ? began(batch).plus(TWIN_WINDOW) : doubtBegan(batch).plus(Duration.ofMinutes(10));
    if (watch.foundById(batch)) {
      return;
    }
    BatchList.Look look = looked(batch, from);
    follow(batch, look, from, to);
    if (watch.foundOurs(batch, look)) {
      if (lost) {
        alertOfTwin(batches.get(nonce));
      }
      return;
    }
    boolean open = !candidates.open(nonce).isEmpty();
    if (lost) {
      lookForTwinAgain(batch, look);
    } else {
      decide(batch, look, open);
    }
  }

  /** What was looked at since this one is due serves as well, if it went back far enough. */
  private BatchList.Look looked(Batch batch, Instant from) {
    Shared round = shared;
    if (round != null
        && !round.from().isAfter(from)
        && batch.nextLookAt() != null
        && !round.at().isBefore(batch.nextLookAt())
        && Duration.between(round.at(), clock.instant()).compareTo(LOOK_AGAIN) < 0) {
      return round.look();
    }
    Instant at = clock.instant();
    BatchList.Look look = list.since(from);
    shared = new Shared(look, from, at);
    return look;
  }

  /** Looks made at once by two processes would be one look, counted twice. */
  private boolean isDue(Batch batch) {
    Instant next = batch.nextLookAt();
    return LOOKED_FOR.contains(batch.state()) && next != null && !next.isAfter(clock.instant());
  }

  private void alertOfTwin(Batch batch) {
    alerts.raise(
        "twin-" + batch.nonce(),
        "Batch " + batch.nonce() + " of job " + batch.job() + " was accepted after all",
        "It was given up as lost and turned up as "
            + batch.msgbatchId()
            + ". Its answers are used for records that have none yet; those that were sent again"
            + " are paid twice, and the report names the batches.",
        "Nothing; ./caravan status shows both");
  }

  private void follow(Batch batch, BatchList.Look look, Instant from, Instant to) {
    look.batches().stream()
        .filter(found -> !found.createdAt().isBefore(from) && !found.createdAt().isAfter(to))
        .filter(found -> found.requestCounts().total() == batch.requests())
        .filter(found -> batches.byMessageBatch(found.id()).isEmpty())
        .forEach(
            found -> candidates.follow(batch.nonce(), found, look.workspaceId(), clock.instant()));
  }

  private void decide(Batch batch, BatchList.Look look, boolean open) {
    List<Duration> schedule = settings.submit().doubtLooks();
    Duration early = early(batch, look);
    boolean counts = look.complete() && early.isZero();
    int looks = batch.doubtLooks() + (counts ? 1 : 0);
    boolean lastLook = looks >= schedule.size();
    boolean named = Batch.ADOPTED.equals(batch.cause());
    boolean byPerson = named || Batch.NOT_OURS.equals(batch.cause());
    if (counts && lastLook && !open && !byPerson) {
      settlement.lost(batch, Duration.between(doubtBegan(batch), look.apiNow()));
      return;
    }
    if (counts) {
      batches.lookCounted(batch.nonce(), looks, look.apiNow());
    }
    Duration wait =
        !look.complete()
            ? longer(LOOK_AGAIN, look.retryAfter())
            : !counts
                ? early
                : lastLook
                    ? settings.poll().first()
                    : schedule.get(looks).minus(schedule.get(looks - 1));
    boolean over = byPerson && !open && outlived(batch, look);
    batches.lookedInDoubt(batch.nonce(), over ? null : clock.instant().plus(wait));
    if (named && !candidates.open(batch.nonce()).contains(batch.detail())) {
      ledger.inTransaction(() -> holdAgain(batch));
    } else if (!named) {
      ledger.inTransaction(() -> holdWhenOld(batch, look.apiNow()));
    }
  }

  /** How much too early a look is by the API's clock: ours may have jumped since the last one. */
  private Duration early(Batch batch, BatchList.Look look) {
    List<Duration> schedule = settings.submit().doubtLooks();
    int done = batch.doubtLooks();
    if (batch.lookedAt() == null || done == 0 || done >= schedule.size()) {
      return Duration.ZERO;
    }
    Duration pause = schedule.get(done).minus(schedule.get(done - 1));
    Duration missing = pause.minus(Duration.between(batch.lookedAt(), look.apiNow()));
    // the API's clock tells seconds
    return missing.compareTo(SLACK) > 0 ? missing : Duration.ZERO;
  }

  /** The batch that a person named has none of its lines; another one may. */
  private void holdAgain(Batch batch) {
    String id = String.valueOf(batch.detail());
    String why = id + " is not batch " + batch.nonce() + ": none of its results carries its nonce";
    if (batches.held().held(batch.nonce(), Batch.NOT_OURS, why)) {
      alerts.raise(
          "held-" + batch.nonce() + "-" + id,
          "Batch %s of job %s is held again: %s is not it"
              .formatted(batch.nonce(), batch.job(), id),
          why
              + ", or it is gone. Nothing was taken from it, and nothing is sent for the "
              + batch.requests()
              + " records; the API's list is still searched.",
          "Look in the console again, then ./caravan adopt "
              + batch.nonce()
              + " MSGBATCH_ID; only if it was never accepted: ./caravan adopt "
              + batch.nonce()
              + " none");
    }
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private void holdWhenOld(Batch batch, Instant apiNow) {
    Instant limit = doubtBegan(batch).plus(settings.submit().heldAfter());
    if (batch.state() == BatchState.DOUBT
        && !apiNow.isBefore(limit)
        && batches.held().held(batch.nonce(), "undecided", batch.detail())) {
      List<String> open = candidates.open(batch.nonce());
      alerts.raise(
          "held-" + batch.nonce(),
          "Batch " + batch.nonce() + " of job " + batch.job() + " is held: a person must decide",
          "Its POST got no answer and it is still open whether the API took it. Candidates: "
              + (open.isEmpty() ? "none, but the list could not be read" : String.join(", ", open))
              + ". Nothing is sent for its "
              + batch.requests()
              + " records; the candidates are followed on.",
          "If the console shows that one of them is ours: ./caravan adopt "
              + batch.nonce()
              + " MSGBATCH_ID; if none is: ./caravan adopt "
              + batch.nonce()
              + " none");
    }
  }

  private void lookForTwinAgain(Batch batch, BatchList.Look look) {
    boolean over = outlived(batch, look) && candidates.open(batch.nonce()).isEmpty();
    batches.lookedInDoubt(batch.nonce(), over ? null : hourly(clock));
  }

  /** It would have expired: if the list does not show it by now, it never will. */
  private boolean outlived(Batch batch, BatchList.Look look) {
    return look.complete() && look.apiNow().isAfter(began(batch).plus(TWIN_WINDOW));
  }

  /** The next full hour: all that is lost is looked for at one time, in one look. */
  static Instant hourly(Clock clock) {
    return clock.instant().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
  }

  private Instant began(Batch batch) {
    return batch.postBeganAt() == null ? clock.instant() : batch.postBeganAt();
  }

  private Instant doubtBegan(Batch batch) {
    return batch.doubtBeganAt() == null ? began(batch) : batch.doubtBeganAt();
  }
}
