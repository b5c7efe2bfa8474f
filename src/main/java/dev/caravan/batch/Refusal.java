package dev.caravan.batch;

/** A record that can't be sent, and why; it is rejected without a request line. */
public record Refusal(Claim claim, String cause, String detail) {}
