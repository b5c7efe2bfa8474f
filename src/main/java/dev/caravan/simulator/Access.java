package dev.caravan.simulator;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, and by which version of the API.
 *
 * @param betas the values of {@code anthropic-beta}
 */
record Access(String workspace, String version, Set<String> betas) {
  static final String ONE_WORKSPACE = "wrkspc_01SimulatorDefault";
  private static final Set<String> VERSIONS = Set.of("2026-10-21", "2023-06-01");
  private static final Pattern BETA = Pattern.compile("[a-z0-9-]+-\\d{4}-\\d{2}-\\d{2}");

  /** Whether temperature, top_p and top_k are gone and a message may have the role system. */
  static boolean isNew(String version) {
    return version.compareTo("2026-10-21") >= 0;
  }

  /**
   * Checks key, version and betas of a call.
   *
   * @param workspaces accepted keys; empty: every key, in one workspace
   * @throws ApiError 401 without a good key, 400 without a known version
   */
  static Access of(Call call, Map<String, String> workspaces) {
    String key = keyOf(call);
    if (key == null || key.isBlank()) {
      throw new ApiError(401, null, "x-api-key header is required", null, null);
    }
    String workspace = workspaces.isEmpty() ? ONE_WORKSPACE : workspaces.get(key);
    if (workspace == null) {
      throw ApiError.of(401);
    }
    String version = call.header("anthropic-version");
    if (version == null || version.isBlank()) {
      throw ApiError.invalid("anthropic-version: header is required");
    }
    if (!VERSIONS.contains(version)) {
      throw ApiError.invalid("anthropic-version: \"" + version + "\" is not a valid version");
    }
    return new Access(workspace, version, betasOf(call));
  }

  private static @Nullable String keyOf(Call call) {
    String bearer = call.header("authorization");
    return bearer != null && bearer.regionMatches(true, 0, "Bearer ", 0, 7)
        ? bearer.substring(7).trim()
        : call.header("x-api-key");
  }

  private static Set<String> betasOf(Call call) {
    String header = call.header("anthropic-beta");
    if (header == null || header.isBlank()) {
      return Set.of();
    }
    Set<String> betas = new HashSet<>(Arrays.asList(header.trim().split("\\s*,\\s*", -1)));
    for (String beta : betas) {
      if (!BETA.matcher(beta).matches()) {
        throw ApiError.invalid(
            "Unexpected value(s) `" + beta + "` for the `anthropic-beta` header.");
      }
    }
    return betas;
  }
}
