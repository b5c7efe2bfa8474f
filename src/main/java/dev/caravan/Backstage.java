package dev.caravan;

import dev.caravan.api.ReadBreaker;
import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.Prices;
import dev.caravan.settings.Settings;
import dev.caravan.source.SourceDataSource;
import java.time.Clock;
import javax.sql.DataSource;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.DefaultRegistry;

/**
 * Every bean and property that routes may name, without a route: what a check needs of an
 * application. Nothing is connected to until a bean is called.
 */
public final class Backstage implements AutoCloseable {
  private final Registry registry = new DefaultRegistry();
  private final DefaultCamelContext context = new DefaultCamelContext(registry);
  private final LedgerBeans ledger;
  private final SourceDataSource reader;
  private final PropertiesSource properties;

  public Backstage(Settings settings, JobCatalog jobs, Prices prices, Clock clock) {
    this.ledger = new LedgerBeans(settings);
    this.reader = Pools.reader(settings);
    this.properties = new LiveProperties(settings, jobs);
    new Wiring(
            settings,
            jobs,
            prices,
            ledger,
            clock,
            registry,
            context.createProducerTemplate(),
            new ReadBreaker(clock))
        .bind(reader);
  }

  public Registry beans() {
    return registry;
  }

  public PropertiesSource properties() {
    return properties;
  }

  public LedgerBeans ledger() {
    return ledger;
  }

  /** Connections to the target as load.sql has them. */
  public DataSource writer() {
    return ledger.writer();
  }

  /** Connections to the source as extract.sql has them: without autocommit. */
  public DataSource reader() {
    return reader;
  }

  @Override
  public void close() {
    context.stop();
    reader.close();
    ledger.close();
  }
}
