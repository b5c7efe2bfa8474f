package dev.caravan.check;

import dev.caravan.Backstage;
import dev.caravan.extract.Extraction;
import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.Job;
import dev.caravan.settings.Prices;
import dev.caravan.settings.Settings;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.jspecify.annotations.Nullable;

/** What only the databases, the mail server and the API can tell. */
final class Online {
  private final Settings settings;
  private final Prices prices;
  private final List<Job> jobs;
  private final RouteFolder folder;
  private final Backstage backstage;
  private final Clock clock;
  private final List<Fault> faults = new ArrayList<>();

  Online(
      Settings settings,
      Prices prices,
      List<Job> jobs,
      RouteFolder folder,
      Backstage backstage,
      Clock clock) {
    this.settings = settings;
    this.prices = prices;
    this.jobs = jobs;
    this.folder = folder;
    this.backstage = backstage;
    this.clock = clock;
  }

  /** Every fault; {@code broken} are the files of which Camel can't build a route. */
  List<Fault> faults(List<String> broken) {
    faults.addAll(SpoolCheck.faults(settings));
    faults.addAll(CaFileCheck.faults(settings.http().trusted(), clock));
    faults.addAll(MailServer.faults(settings.smtp()));
    List<Fault> target = DatabaseAccess.faults("CARAVAN_DB_", settings.target());
    faults.addAll(target);
    List<Fault> source =
        DatabaseAccess.isSame(settings)
            ? target
            : DatabaseAccess.faults("CARAVAN_SOURCE_", settings.source());
    source.stream().filter(fault -> !faults.contains(fault)).forEach(faults::add);
    if (target.isEmpty()) {
      LedgerCheck ledger = new LedgerCheck(settings, backstage, jobs);
      faults.addAll(ledger.faults());
      boolean ready = ledger.isReady();
      jobs.forEach(job -> faults.addAll(ReportSql.faults(job, backstage.ledger().ledger, ready)));
    }
    pooler();
    withRoutes(broken, target.isEmpty(), source.isEmpty());
    return faults;
  }

  private void pooler() {
    faults.addAll(PoolerCheck.faults("CARAVAN_DB_", settings.target()));
    if (!settings.source().url().equals(settings.target().url())) {
      faults.addAll(PoolerCheck.faults("CARAVAN_SOURCE_", settings.source()));
    }
  }

  private void withRoutes(List<String> broken, boolean target, boolean source) {
    List<Resource> direct =
        folder.routes().stream()
            .filter(route -> RoutePart.plain(route.fromUri()).startsWith("direct:"))
            .filter(route -> !broken.contains(route.file().shown()))
            .map(route -> Rehearsal.alone(route.file(), route.item()))
            .toList();
    CamelContext context = started(direct);
    try {
      if (context != null) {
        faults.addAll(ApiAccess.faults(settings, jobs, context, prices, clock.instant()));
      }
      jobs.forEach(job -> tryJob(job, context, target, source));
    } finally {
      if (context != null) {
        context.stop();
      }
    }
  }

  private @Nullable CamelContext started(List<Resource> direct) {
    try {
      return new Rehearsal(backstage.beans(), backstage.properties()).start(direct);
    } catch (Exception e) {
      faults.add(
          Fault.in(
              "routes",
              "can't be started for a trial: " + CamelFailure.message(e),
              "Fix the faults above, then check again."));
      return null;
    }
  }

  /** What fails in one job must not hide what is wrong with the next. */
  private void tryJob(Job job, @Nullable CamelContext context, boolean target, boolean source) {
    try {
      job(job, context, target, source);
    } catch (RuntimeException e) {
      faults.add(
          Fault.in(
              "config/jobs/" + job.name(),
              "could not be checked to the end: " + CamelFailure.message(e),
              "Fix what it names, then check again; the other jobs were checked."));
    }
  }

  private void job(Job job, @Nullable CamelContext context, boolean target, boolean source) {
    SourceSample sample = SourceSample.NONE;
    if (source) {
      SourceSql sql = new SourceSql(job, backstage.reader(), clock);
      sample = sql.read();
      faults.addAll(sql.faults());
    }
    boolean known = !sample.columns().isEmpty();
    if (known && context != null && compiles(job)) {
      faults.addAll(new RowTrial(job, sample, folder, context, prices, settings, clock).faults());
    }
    if (target) {
      List<Fault> tables =
          TargetTables.faults(job, sample, backstage.writer(), settings.target().url());
      faults.addAll(tables);
      // without transactions the trial could not be taken back
      if (tables.stream().allMatch(Fault::warning) && known) {
        faults.addAll(new LoadTrial(job, sample, backstage.writer()).faults());
        faults.addAll(new LoadedColumns(job, sample).faults());
      }
    }
  }

  /** That its prompt or schema does not is told already. */
  private static boolean compiles(Job job) {
    try {
      Extraction.rehearsal(job);
      return true;
    } catch (FaultsException | IllegalArgumentException told) {
      return false;
    }
  }
}
