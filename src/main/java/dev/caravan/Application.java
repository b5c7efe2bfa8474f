package dev.caravan;

import dev.caravan.api.OutboundHttp;
import dev.caravan.api.ReadBreaker;
import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.Prices;
import dev.caravan.settings.Settings;
import dev.caravan.source.SourceDataSource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/**
 * One process at work on the ledger: pools, beans, and the routes of {@code routes/}. As a service
 * its schedules fire; otherwise routes run only when called.
 */
public final class Application implements AutoCloseable {
  private static final int SHUTDOWN_SECONDS = 60;

  private final Settings settings;
  private final LedgerBeans ledger;
  private final SourceDataSource reader;
  private final Main main = new Main();
  private final Presence presence;

  private final ReadBreaker breaker;

  private Application(Settings settings, LedgerBeans ledger, Clock clock, boolean service) {
    this.settings = settings;
    this.ledger = ledger;
    this.breaker = new ReadBreaker(clock);
    this.presence =
        new Presence(
            ledger, breaker, service ? "service" : "command", settings.spool().dir(), clock);
    this.reader = Pools.reader(settings);
  }

  /**
   * Starts the routes; the ledger's tables must be there.
   *
   * @param service whether quartz schedules fire
   * @throws Exception when a route can't be started
   */
  public static Application start(
      Settings settings,
      JobCatalog jobs,
      Prices prices,
      LedgerBeans ledger,
      Clock clock,
      boolean service)
      throws Exception {
    Application application = new Application(settings, ledger, clock, service);
    try {
      application.begin(jobs, prices, clock, service);
      return application;
    } catch (Exception e) {
      application.close();
      throw e;
    }
  }

  private void begin(JobCatalog jobs, Prices prices, Clock clock, boolean service)
      throws Exception {
    Path routes = settings.home().resolve("routes");
    main.configure()
        .withName("caravan")
        .withRoutesIncludePattern(
            "file:" + routes + "/*.camel.yaml,file:" + routes + "/jobs/*.camel.yaml")
        .withStreamCachingEnabled(false)
        .withShutdownTimeout(SHUTDOWN_SECONDS)
        .withShutdownLogInflightExchangesOnTimeout(false)
        .withRoutesReloadEnabled(false);
    main.addInitialProperty("camel.component.http.automaticRetriesDisabled", "true");
    // long enough for a route that is being replaced, short enough for one that is missing
    main.addInitialProperty("camel.component.direct.timeout", "5000");
    main.addInitialProperty("camel.component.sql.batchAutoCommitDisabled", "false");
    main.addInitialProperty("camel.component.quartz.autoStartScheduler", Boolean.toString(service));
    // without this the scheduler waits half a second for threads that never had a job
    main.addInitialProperty(
        "camel.component.quartz.interruptJobsOnShutdown", Boolean.toString(!service));
    main.addInitialProperty("camel.main.startupSummaryLevel", "Off");
    main.setPropertyPlaceholderLocations("false");
    // the command ends the application; a second hook would stop routes under its feet
    main.setShutdownStrategy(new SimpleMainShutdownStrategy());
    main.addMainListener(new BeansBeforeRoutes(this, jobs, prices, clock));
    presence.begin();
    main.start();
  }

  Wiring wire(CamelContext context, JobCatalog jobs, Prices prices, Clock clock) {
    context.getPropertiesComponent().addPropertiesSource(new LiveProperties(settings, jobs));
    Wiring wiring =
        new Wiring(
            settings,
            jobs,
            prices,
            ledger,
            clock,
            context.getRegistry(),
            context.createProducerTemplate(),
            breaker);
    wiring.bind(reader);
    bean("outboundHttp", OutboundHttp.class).install(context);
    return wiring;
  }

  public CamelContext context() {
    return main.getCamelContext();
  }

  /** A bean by the name that routes call it by. */
  public <T> T bean(String name, Class<T> type) {
    return context().getRegistry().lookupByNameAndType(name, type);
  }

  /** Calls a {@code direct:} route; a failure comes back in the exchange. */
  public Exchange call(String uri, Map<String, Object> variables) {
    return context()
        .createProducerTemplate()
        .send(uri, exchange -> variables.forEach(exchange::setVariable));
  }

  /**
   * Runs a route from its top as if its trigger had fired; a failure comes back in the exchange.
   *
   * @throws FaultsException when no file has this route
   */
  public Exchange fire(String routeId, Map<String, Object> variables) throws Exception {
    Route route = context().getRoute(routeId);
    if (route == null) {
      throw new FaultsException(List.of(missing(routeId)));
    }
    Exchange exchange = route.getEndpoint().createExchange();
    variables.forEach(exchange::setVariable);
    route.getProcessor().process(exchange);
    return exchange;
  }

  private static Fault missing(String routeId) {
    String job = routeId.replaceFirst("-submit$", "");
    return Fault.in(
        "routes/jobs/" + job + ".camel.yaml",
        "there is no route " + routeId + ", so job " + job + " can't be run",
        "Put the file back, or name its first route " + routeId + "; then ./caravan check");
  }

  @Override
  public void close() {
    presence.stop();
    main.stop();
    presence.close();
    reader.close();
  }
}
