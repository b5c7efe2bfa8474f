package dev.caravan;

import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.Prices;
import java.time.Clock;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;

/** Binds the beans when the context exists and its routes are not loaded yet. */
final class BeansBeforeRoutes extends MainListenerSupport {
  private final Application application;
  private final JobCatalog jobs;
  private final Prices prices;
  private final Clock clock;

  BeansBeforeRoutes(Application application, JobCatalog jobs, Prices prices, Clock clock) {
    this.application = application;
    this.jobs = jobs;
    this.prices = prices;
    this.clock = clock;
  }

  @Override
  public void beforeConfigure(BaseMainSupport main) {
    application.wire(main.getCamelContext(), jobs, prices, clock);
  }
}
