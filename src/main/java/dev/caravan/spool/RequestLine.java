package dev.caravan.spool;

import dev.caravan.batch.Claim;
import dev.caravan.batch.CustomId;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A request on its way into a batch; its custom_id follows from the batch that takes it. {@link
 * #params} is the JSON of its Messages parameters, UTF-8.
 */
public final class RequestLine {
  private static final byte[] BEHIND_ID = "\",\"params\":".getBytes(StandardCharsets.UTF_8);
  private static final byte[] END = "}".getBytes(StandardCharsets.UTF_8);

  private final Claim claim;
  private final String model;
  private final int maxTokens;
  private final String schemaHash;
  private final byte[] params;

  public RequestLine(Claim claim, String model, int maxTokens, String schemaHash, String params) {
    this.claim = claim;
    this.model = model;
    this.maxTokens = maxTokens;
    this.schemaHash = schemaHash;
    this.params = params.getBytes(StandardCharsets.UTF_8);
  }

  Claim claim() {
    return claim;
  }

  String model() {
    return model;
  }

  int maxTokens() {
    return maxTokens;
  }

  String schemaHash() {
    return schemaHash;
  }

  public String params() {
    return new String(params, StandardCharsets.UTF_8);
  }

  public int paramsBytes() {
    return params.length;
  }

  /** The custom_id of this request in a batch. */
  String customId(String job, String nonce) {
    return new CustomId(job, nonce, claim.n()).text(claim.key().text());
  }

  /** The line as it is sent, in parts: {@code {"custom_id":…,"params":…}}. */
  List<byte[]> json(String customId) {
    byte[] begin = ("{\"custom_id\":\"" + customId).getBytes(StandardCharsets.UTF_8);
    return List.of(begin, BEHIND_ID, params, END);
  }
}
