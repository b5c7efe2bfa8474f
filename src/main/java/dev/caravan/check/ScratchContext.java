package dev.caravan.check;

import dev.caravan.api.OutboundHttp;
import java.util.Map;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.DefaultRegistry;
import org.jspecify.annotations.Nullable;

/**
 * A context to try routes in: its own registry over lent beans, no error handling, no schedule that
 * fires; why it could not start it tells its caller, not the log.
 */
final class ScratchContext extends DefaultCamelContext {
  private @Nullable Exception failure;

  ScratchContext(Registry beans, PropertiesSource properties) {
    super(registry(beans));
    disableJMX();
    setStreamCaching(false);
    getCamelContextExtension().setErrorHandlerFactory(new NoErrorHandlerDefinition());
    getPropertiesComponent().addPropertiesSource(properties);
    QuartzComponent quartz = new QuartzComponent();
    quartz.setAutoStartScheduler(false);
    // without threads there is nothing to wait for at its shutdown
    quartz.setProperties(
        Map.of("org.quartz.threadPool.class", "org.quartz.simpl.ZeroSizeThreadPool"));
    addComponent("quartz", quartz);
    beans.lookupByNameAndType("outboundHttp", OutboundHttp.class).install(this);
  }

  private static Registry registry(Registry beans) {
    DefaultRegistry registry = new DefaultRegistry(beans);
    return registry;
  }

  @Override
  protected void doStartCamel() {
    try {
      super.doStartCamel();
    } catch (Exception e) {
      failure = e;
    }
  }

  /** Starts it, and throws what kept it from starting. */
  void begin() throws Exception {
    start();
    if (failure != null) {
      throw failure;
    }
  }
}
