package dev.caravan.extract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.batch.Reasons;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The output schema of a job's version, as it goes into {@code output_config.format}: the same
 * bytes in every request (the prompt cache needs that), found again by its SHA-256.
 */
record OutputFormat(JsonNode schema, String text, String hash) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static OutputFormat of(String schema) {
    try {
      JsonNode tree = JSON.readTree(schema);
      String text = JSON.writeValueAsString(tree);
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return new OutputFormat(tree, text, HexFormat.of().formatHex(hash));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("output.schema.json is not JSON: " + Reasons.of(e), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
