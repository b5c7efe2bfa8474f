package dev.caravan.settings;

import org.jspecify.annotations.Nullable;

/** A rendered prompt: the system part that all records of a job share, and one record's message. */
public record Prompt(@Nullable String system, String user) {}
