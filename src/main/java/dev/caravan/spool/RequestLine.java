package dev.caravan.spool;

import dev.caravan.batch.Claim;
import dev.caravan.batch.CustomId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A request on its way into a batch; its custom_id follows from the batch that takes it. {@link
 * #params} is the JSON of its Messages parameters.
 */
public final class RequestLine {
  private static final byte[] BEHIND_ID = "\",\"params\":".getBytes(StandardCharsets.UTF_8);
  private static final byte[] END = "}".getBytes(StandardCharsets.UTF_8);

  private final Claim claim;
  private final String model;
  private final int maxTokens;
  private final String schemaHash;
  private final List<byte[]> params;

  /** {@code params} are the parts of a JSON text in UTF-8. */
  public RequestLine(
      Claim claim, String model, int maxTokens, String schemaHash, List<byte[]> params) {
    this.claim = claim;
    this.model = model;
    this.maxTokens = maxTokens;
    this.schemaHash = schemaHash;
    this.params = params;
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
    ByteArrayOutputStream whole = new ByteArrayOutputStream(paramsBytes());
    params.forEach(whole::writeBytes);
    return whole.toString(StandardCharsets.UTF_8);
  }

  public int paramsBytes() {
    return params.stream().mapToInt(part -> part.length).sum();
  }

  /** The custom_id of this request in a batch. */
  String customId(String job, String nonce) {
    return new CustomId(job, nonce, claim.n()).text(claim.key().text());
  }

  /** The line as it is sent, in parts: {@code {"custom_id":…,"params":…}}. */
  List<byte[]> json(String customId) {
    byte[] begin = ("{\"custom_id\":\"" + customId).getBytes(StandardCharsets.UTF_8);
    List<byte[]> parts = new ArrayList<>(List.of(begin, BEHIND_ID));
    parts.addAll(params);
    parts.add(END);
    return parts;
  }
}
