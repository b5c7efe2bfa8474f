package dev.caravan.architecture.sample.submit;

import dev.caravan.architecture.sample.cli.Status;
import java.time.Clock;
import java.time.Instant;

/** Right about time, wrong in knowing a command. */
public record Submitter(Status status, Clock clock) {
  public Instant began() {
    return Instant.now(clock);
  }
}
