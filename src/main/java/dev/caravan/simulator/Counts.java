package dev.caravan.simulator;

/** The five request_counts of a batch; their sum is the number of its requests. */
public record Counts(int processing, int succeeded, int errored, int canceled, int expired) {}
