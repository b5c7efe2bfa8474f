package dev.caravan.architecture.sample.settings;

import dev.caravan.architecture.sample.submit.Submitter;

/** Shared, yet knows a stage. */
public record Settings(Submitter submitter) {}
