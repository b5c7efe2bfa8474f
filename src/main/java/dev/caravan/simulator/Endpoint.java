package dev.caravan.simulator;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The operations of the API that the simulator knows, each with its method and path. */
public enum Endpoint {
  CREATE("POST", "/v1/messages/batches"),
  LIST("GET", "/v1/messages/batches"),
  RETRIEVE("GET", "/v1/messages/batches/([^/]+)"),
  RESULTS("GET", "/v1/messages/batches/([^/]+)/results"),
  CANCEL("POST", "/v1/messages/batches/([^/]+)/cancel"),
  DELETE("DELETE", "/v1/messages/batches/([^/]+)"),
  MESSAGE("POST", "/v1/messages"),
  COUNT_TOKENS("POST", "/v1/messages/count_tokens"),
  MODELS("GET", "/v1/models"),
  MODEL("GET", "/v1/models/([^/]+)");

  private final String method;
  private final Pattern path;

  Endpoint(String method, String path) {
    this.method = method;
    this.path = Pattern.compile(path);
  }

  static @Nullable Endpoint of(String method, String path) {
    for (Endpoint endpoint : values()) {
      if (endpoint.method.equals(method) && endpoint.path.matcher(path).matches()) {
        return endpoint;
      }
    }
    return null;
  }

  /** Its name in JSON, such as count_tokens. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The id within {@code path}, empty for the endpoints that have none. */
  String idIn(String path) {
    Matcher matcher = this.path.matcher(path);
    return matcher.matches() && matcher.groupCount() > 0 ? matcher.group(1) : "";
  }
}
