package dev.caravan.settings;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code ./caravan check} can say about a job without a database or the API: whether its files
 * fit each other, its model and what structured outputs accept.
 */
public final class JobCheck {
  private JobCheck() {}

  /** Every fault and warning of a job as of now (for ends of life). */
  public static List<Fault> check(Job job, Prices prices, Instant now) {
    String folder = "config/jobs/" + job.name() + "/";
    List<Fault> faults = new ArrayList<>(new JobSqlCheck(job, folder).faults());
    try {
      PromptTemplate.compile(folder + "prompt.md", job.prompt(), job.params());
      faults.addAll(PromptShape.check(folder + "prompt.md", job.prompt()));
    } catch (FaultsException e) {
      faults.addAll(e.faults());
    }
    faults.addAll(SchemaSubset.check(folder + "output.schema.json", job.schema()));
    faults.addAll(new ModelCheck(job, prices, now).faults());
    return List.copyOf(faults);
  }
}
