package dev.caravan.batch;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record that this run won: its row, its place in the ledger, and which submission this is. */
public record Claim(
    RecordKey key,
    Map<String, @Nullable Object> row,
    String rowHash,
    String rowValues,
    int n,
    int submission,
    int attempt) {}
