package dev.caravan.check;

import dev.caravan.settings.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.spi.Registry;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;

/**
 * Builds routes in a context of their own, where nothing starts, to see whether Camel can; live
 * beans are lent to it, and closing it leaves them alone.
 */
public final class Rehearsal {
  private final Registry beans;
  private final PropertiesSource properties;

  public Rehearsal(Registry beans, PropertiesSource properties) {
    this.beans = beans;
    this.properties = properties;
  }

  /** What keeps Camel from building these files, one fault per route at most. */
  public List<Fault> faults(List<RouteFile> files) {
    List<Fault> faults = new ArrayList<>();
    if (files.isEmpty() || failure(files.stream().map(Rehearsal::whole).toList()) == null) {
      return faults;
    }
    files.forEach(file -> faults.addAll(faults(file)));
    return faults;
  }

  /** What keeps Camel from building this file. */
  public List<Fault> faults(RouteFile file) {
    List<Fault> faults = new ArrayList<>();
    Exception whole = failure(List.of(whole(file)));
    if (whole == null) {
      return faults;
    }
    for (RouteFile.Item item : file.items()) {
      Optional.ofNullable(failure(List.of(alone(file, item))))
          .ifPresent(failure -> faults.add(CamelFailure.fault(file, item, failure)));
    }
    // that an id is used twice RouteRules tells, with both places
    if (faults.isEmpty() && !CamelFailure.message(whole).contains("Duplicate id detected")) {
      faults.add(CamelFailure.fault(file, file.items().get(0), whole));
    }
    return faults;
  }

  /** Misspelt options of HTTP calls. */
  List<Fault> httpOptions(RouteFolder folder) {
    ScratchContext scratch = new ScratchContext(beans, properties);
    try {
      return HttpOptions.faults(folder, scratch);
    } finally {
      scratch.stop();
    }
  }

  private @Nullable Exception failure(List<Resource> resources) {
    ScratchContext scratch = new ScratchContext(beans, properties);
    try {
      scratch.setAutoStartup(false);
      PluginHelper.getRoutesLoader(scratch).loadRoutes(resources);
      scratch.begin();
      return null;
    } catch (Exception e) {
      return e;
    } finally {
      scratch.stop();
    }
  }

  /** Starts the given routes; the caller stops them. */
  CamelContext start(List<Resource> resources) throws Exception {
    ScratchContext context = new ScratchContext(beans, properties);
    try {
      PluginHelper.getRoutesLoader(context).loadRoutes(resources);
      context.begin();
      return context;
    } catch (Exception e) {
      context.stop();
      throw e;
    }
  }

  private static Resource whole(RouteFile file) {
    return resource(file, file.text());
  }

  static Resource alone(RouteFile file, RouteFile.Item item) {
    return resource(file, file.only(item));
  }

  private static Resource resource(RouteFile file, String text) {
    return ResourceHelper.fromString("file:" + file.path(), text);
  }
}
