package dev.caravan.extract;

import dev.caravan.batch.Refusal;
import dev.caravan.batch.Run;
import dev.caravan.batch.RunCounts;
import dev.caravan.batch.RunState;
import dev.caravan.settings.Job;
import dev.caravan.settings.PromptTemplate;
import dev.caravan.spool.Assembly;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the source of a run: the version of the job it goes by, the batch it assembles, and
 * what it has counted. Used by one thread.
 */
public final class Extraction {
  private final Run run;
  private final Job job;
  private final PromptTemplate prompt;
  private final OutputFormat format;
  private final String intake;
  private final Assembly assembly;
  private final KeyFile keys;
  private final Scope scope;

  private record Framed(@Nullable String system, String model) {}

  private final Map<Framed, ParamsFrame> frames = new HashMap<>();
  private final List<String> seenAgain = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private RunCounts counts = RunCounts.NONE;
  private int nextN;
  private int claimed;
  private int refused;
  private @Nullable String hopeless;

  Extraction(
      Run run,
      Job job,
      PromptTemplate prompt,
      OutputFormat format,
      String intake,
      Assembly assembly,
      KeyFile keys,
      Scope scope) {
    this.run = run;
    this.job = job;
    this.prompt = prompt;
    this.format = format;
    this.intake = intake;
    this.assembly = assembly;
    this.keys = keys;
    this.scope = scope;
  }

  Scope scope() {
    return scope;
  }

  /**
   * A pass that claims and writes nothing: for trying a job's request route on one row.
   *
   * @throws dev.caravan.settings.FaultsException when the prompt has a syntax error
   */
  public static Extraction rehearsal(Job job) {
    Run run =
        new Run(
            0,
            job.name(),
            Instant.EPOCH,
            RunState.EXTRACTING,
            1,
            1,
            RunCounts.NONE,
            Instant.EPOCH,
            null,
            null,
            null);
    return new Extraction(
        run,
        job,
        PromptTemplate.compile(
            "config/jobs/" + job.name() + "/prompt.md", job.prompt(), job.params()),
        OutputFormat.of(job.schema()),
        "",
        new Assembly(run, "", 1, Long.MAX_VALUE),
        new KeyFile(Path.of("")),
        Scope.DRY);
  }

  Run run() {
    return run;
  }

  Job job() {
    return job;
  }

  PromptTemplate prompt() {
    return prompt;
  }

  OutputFormat format() {
    return format;
  }

  /**
   * Nonce under which claims stand until their request line is written; those refused stay there.
   */
  String intake() {
    return intake;
  }

  Assembly assembly() {
    return assembly;
  }

  KeyFile keys() {
    return keys;
  }

  RunCounts counts() {
    return counts;
  }

  /** Makes a frame. */
  interface Frames {
    ParamsFrame of(Extraction extraction, @Nullable String system, String model);
  }

  /** The frame of a model's requests; made when it is asked for first. */
  ParamsFrame frame(@Nullable String system, String model, Frames frames) {
    return this.frames.computeIfAbsent(
        new Framed(system, model), framed -> frames.of(this, system, model));
  }

  /** Records of this run met by this pass, claimed now or by an earlier one. */
  int claimed() {
    return claimed;
  }

  int refused() {
    return refused;
  }

  int nextN() {
    return nextN;
  }

  boolean hasEnough() {
    return room() <= 0;
  }

  /** How many more records may be claimed. */
  int room() {
    Integer max = run.maxRecords();
    return max == null ? Integer.MAX_VALUE : max - claimed;
  }

  void claimed(ChunkClaim chunk) {
    counts = chunk.counts();
    seenAgain.addAll(chunk.seenAgain());
    claimed += chunk.claims().size() + chunk.seenAgain().size();
    nextN += chunk.claims().size();
  }

  void refused(Refusal refusal) {
    refusals.add(refusal);
    refused++;
  }

  /** Records that can't be sent, which the ledger does not know yet. */
  List<Refusal> takeRefusals() {
    return taken(refusals);
  }

  /** Hashes of records of an earlier pass, met again since the ledger was last told. */
  List<String> takeSeenAgain() {
    return taken(seenAgain);
  }

  private static <T> List<T> taken(List<T> some) {
    List<T> all = List.copyOf(some);
    some.clear();
    return all;
  }

  /** Every record so far was refused; nothing more is claimed. */
  void hopeless(String why) {
    hopeless = why;
  }

  void checkHope() {
    if (hopeless != null) {
      throw new JobFault(hopeless);
    }
  }
}
