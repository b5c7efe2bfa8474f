package dev.caravan.check;

import dev.caravan.api.ApiResponse;
import dev.caravan.api.ApiUnreachable;
import dev.caravan.api.BatchesApi;
import dev.caravan.api.NotConnected;
import dev.caravan.batch.Reasons;
import dev.caravan.settings.Fault;
import dev.caravan.settings.Job;
import dev.caravan.settings.Prices;
import dev.caravan.settings.Settings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.util.ObjectHelper;

/** Whether the API answers, takes the key, and has the models that jobs name; costs nothing. */
final class ApiAccess {
  private static final String KEY = "ANTHROPIC_API_KEY";

  private ApiAccess() {}

  static List<Fault> faults(
      Settings settings, List<Job> jobs, CamelContext context, Prices prices, Instant now) {
    if (settings.anthropic().apiKey().isEmpty()) {
      return List.of(
          Fault.in(
              KEY,
              "is not set",
              "Create a key in the Claude Console and set it, or put it in a"
                  + " file and set anthropic.api-key-file."));
    }
    if (context.hasEndpoint("direct:anthropic-call") == null) {
      return List.of();
    }
    BatchesApi api = new BatchesApi(context.createProducerTemplate());
    try {
      ApiResponse batches = api.list("limit=1");
      if (!batches.ok()) {
        return List.of(refused(settings, batches));
      }
      // a gateway may know of batches alone
      return api.models().ok() ? models(api, jobs, prices, now) : List.of();
    } catch (ApiUnreachable e) {
      return List.of(unreachable(settings, e));
    }
  }

  private static Fault unreachable(Settings settings, ApiUnreachable e) {
    String address = settings.anthropic().baseUrl() + " can't be reached: ";
    NotConnected why = ObjectHelper.getException(NotConnected.class, e);
    return why == null
        ? Fault.in(
            "ANTHROPIC_BASE_URL",
            address + Reasons.of(e),
            "Check ANTHROPIC_BASE_URL, and whether a proxy or firewall is in the way.")
        : Fault.in(why.where(), address + why.getMessage(), why.remedy());
  }

  private static Fault refused(Settings settings, ApiResponse answer) {
    String said = settings.anthropic().baseUrl() + " says " + answer.errorText();
    return switch (answer.status()) {
      case 401 ->
          Fault.in(
              KEY,
              "the key is not accepted: " + said,
              "Copy it again from the Claude Console; it may have"
                  + " been deleted, or belong to another organization.");
      case 403 ->
          Fault.in(
              KEY,
              "the key is not allowed to do this: " + said,
              "Give it access to its workspace in the Claude"
                  + " Console, or use the key of another workspace.");
      case 404 ->
          Fault.in(
              "ANTHROPIC_BASE_URL",
              "there is no API at this address: " + said,
              "It is the address without" + " /v1, such as https://api.anthropic.com.");
      default ->
          Fault.in(
                  "ANTHROPIC_BASE_URL",
                  said,
                  "If it does not pass, look at the status page of the API.")
              .asWarning();
    };
  }

  private static List<Fault> models(BatchesApi api, List<Job> jobs, Prices prices, Instant now)
      throws ApiUnreachable {
    List<Fault> faults = new ArrayList<>();
    Map<String, ApiResponse> asked = new LinkedHashMap<>();
    for (Job job : jobs) {
      for (Map.Entry<String, String> named : named(job).entrySet()) {
        String model = named.getValue();
        ApiResponse answer = asked.get(model);
        if (answer == null) {
          answer = api.model(model);
          asked.put(model, answer);
        }
        if (answer.ok()) {
          faults.addAll(
              new ApiModel(job, named.getKey(), model, answer.json()).faults(prices, now));
        } else if (answer.status() == 404) {
          faults.add(
              Fault.in(
                      "config/jobs/" + job.name() + "/job.properties",
                      named.getKey()
                          + " is "
                          + model
                          + ", which the API does not have for this key",
                      "Check its spelling, and which models the workspace allows.")
                  .asWarning());
        }
      }
    }
    return faults;
  }

  private static Map<String, String> named(Job job) {
    Map<String, String> named = new LinkedHashMap<>();
    named.put("model", job.model());
    job.params()
        .forEach(
            (name, value) -> {
              if (value.startsWith("claude")) {
                named.put("param." + name, value);
              }
            });
    return named;
  }
}
