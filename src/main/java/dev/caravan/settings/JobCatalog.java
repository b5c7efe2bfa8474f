package dev.caravan.settings;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The last good version of every job; thread-safe. */
public final class JobCatalog {
  private final Map<String, Job> jobs = new ConcurrentHashMap<>();

  public JobCatalog(Collection<Job> jobs) {
    jobs.forEach(this::put);
  }

  /**
   * The current version of a job.
   *
   * @throws FaultsException when there is no such job
   */
  public Job get(String name) {
    Job job = jobs.get(name);
    if (job == null) {
      throw new FaultsException(
          java.util.List.of(
              Fault.in(
                  "config/jobs/" + name,
                  "there is no job '" + name + "'",
                  "Jobs here: " + names() + ". A new one is made by ./caravan new " + name)));
    }
    return job;
  }

  public boolean has(String name) {
    return jobs.containsKey(name);
  }

  public java.util.List<String> names() {
    return jobs.keySet().stream().sorted().toList();
  }

  /** Takes a checked version; runs that began with the one before keep theirs. */
  public void put(Job job) {
    jobs.put(job.name(), job);
  }

  public void remove(String name) {
    jobs.remove(name);
  }
}
