package dev.caravan.batch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One due firing of one job; {@code pass} counts how often its source was read from the top. {@code
 * asked} is a run of certain records that a person named, {@code again} one in which finished
 * records are sent again, {@code promptVersion} the one that its newest pass renders with.
 */
public record Run(
    long id,
    String job,
    Instant dueAt,
    RunState state,
    int pass,
    @Nullable Integer maxRecords,
    boolean asked,
    boolean again,
    @Nullable String promptVersion,
    RunCounts counts,
    Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable Instant reportedAt,
    @Nullable String error) {}
