package dev.caravan.extract;

import dev.caravan.settings.Job;
import dev.caravan.settings.Prices;
import java.time.Clock;

/** Stops a run before its source is read when its job's model is gone. */
public record EndOfLife(Prices prices, Clock clock) {

  /**
   * Passes a job whose model lives, or is not known.
   *
   * @throws JobFault when requests to its model fail by now
   */
  void check(Job job) {
    prices
        .model(job.model())
        .filter(model -> model.isRetired(clock.instant()))
        .ifPresent(
            model -> {
              String use =
                  model.replacement() == null ? "another model" : "model=" + model.replacement();
              throw new JobFault(
                  "model is %s, retired on %s (UTC): requests fail. Write %s"
                      .formatted(job.model(), model.retiredOn(), use));
            });
  }
}
