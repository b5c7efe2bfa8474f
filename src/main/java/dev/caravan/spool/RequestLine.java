package dev.caravan.spool;

import dev.caravan.batch.Claim;
import dev.caravan.batch.CustomId;
import java.nio.charset.StandardCharsets;

/**
 * A request on its way into a batch: {@code params} is the JSON of its Messages parameters; the
 * custom_id follows from the batch that takes it.
 */
public record RequestLine(
    Assembly assembly,
    Claim claim,
    String model,
    int maxTokens,
    String schemaHash,
    String params,
    int paramsBytes) {
  private static final int WRAPPER =
      "{\"custom_id\":\"\",\"params\":}".getBytes(StandardCharsets.UTF_8).length;

  /** The custom_id of this request in the batch {@code nonce}. */
  String customId(String nonce) {
    return new CustomId(assembly.run().job(), nonce, claim.n()).text(claim.key().text());
  }

  /** Bytes of the line in the batch {@code nonce}, without its end. */
  int bytes(String nonce) {
    return WRAPPER + customId(nonce).length() + paramsBytes;
  }

  /** The line as it is sent: {@code {"custom_id":…,"params":…}}. */
  byte[] json(String customId) {
    String line = "{\"custom_id\":\"" + customId + "\",\"params\":" + params + "}";
    return line.getBytes(StandardCharsets.UTF_8);
  }
}
