package dev.caravan.architecture.sample.simulator;

import dev.caravan.architecture.sample.submit.Submitter;

/** Shares code with what it is meant to judge. */
public record Simulator(Submitter submitter) {}
