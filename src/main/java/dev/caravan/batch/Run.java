package dev.caravan.batch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One due firing of one job; {@code pass} counts how often its source was read from the top. */
public record Run(
    long id,
    String job,
    Instant dueAt,
    RunState state,
    int pass,
    @Nullable Integer maxRecords,
    RunCounts counts,
    Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable Instant reportedAt,
    @Nullable String error) {}
