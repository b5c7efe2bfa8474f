package dev.caravan.batch;

/** A request line in a spool file: where it stands, and what the ledger must know of it. */
public record Written(
    String nonce,
    Claim claim,
    String customId,
    String model,
    int maxTokens,
    String schemaHash,
    long offset,
    int length) {}
