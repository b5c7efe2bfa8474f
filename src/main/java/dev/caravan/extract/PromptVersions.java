package dev.caravan.extract;

import dev.caravan.settings.Job;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/**
 * Names versions of a job by what can change its answers: prompt.md and the settings that it names,
 * the output schema, the model and the rule for it, max-tokens. One version has one name on any
 * machine.
 */
public final class PromptVersions {
  private static final int LENGTH = 12;

  private final ModelRule rule;

  public PromptVersions(ModelRule rule) {
    this.rule = rule;
  }

  String of(Job job, OutputFormat format) {
    TreeMap<String, String> named = new TreeMap<>(job.params());
    named.keySet().removeIf(setting -> !job.prompt().contains(setting));
    return hash(
        List.of(
            job.prompt(),
            named.toString(),
            format.text(),
            job.model(),
            rule.of(job.name()),
            Integer.toString(job.maxTokens())));
  }

  private static String hash(List<String> parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
