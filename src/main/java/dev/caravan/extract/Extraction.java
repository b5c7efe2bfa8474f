package dev.caravan.extract;

import dev.caravan.batch.Known;
import dev.caravan.batch.Run;
import dev.caravan.batch.RunCounts;
import dev.caravan.batch.RunState;
import dev.caravan.settings.Job;
import dev.caravan.settings.PromptTemplate;
import dev.caravan.spool.Assembly;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the source of a run: the version of the job it goes by, the batch it assembles, and
 * what it has counted. Thread-safe: chunks are rendered side by side.
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
  private final KeysInHand inHand = new KeysInHand();
  private final ChunksInHand chunks = new ChunksInHand();
  private RunCounts counts = RunCounts.NONE;
  private AgainCount again = AgainCount.NONE;
  private int nextN;

  /** Records of this run, claimed by this pass or an earlier one. */
  private int claimed;

  private int refused;
  private boolean over;
  private @Nullable String hopeless;

  Extraction(
      Run run,
      Job job,
      PromptTemplate prompt,
      OutputFormat format,
      String intake,
      Assembly assembly,
      KeyFile keys,
      Scope scope,
      int claimed) {
    this.run = run;
    this.job = job;
    this.prompt = prompt;
    this.format = format;
    this.intake = intake;
    this.assembly = assembly;
    this.keys = keys;
    this.scope = scope;
    this.claimed = claimed;
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
    return dry(job, Scope.DRY, null);
  }

  /** The same for at most {@code limit} records of a scope. */
  static Extraction dry(Job job, Scope scope, @Nullable Integer limit) {
    Run run =
        new Run(
            0,
            job.name(),
            Instant.EPOCH,
            RunState.EXTRACTING,
            1,
            limit,
            scope.only() != null,
            scope.again(),
            null,
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
        new KeyFile(Path.of(""), job.key()),
        scope,
        0);
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

  /** Nonce of the batch that is never sent: the records that were refused stand there. */
  String intake() {
    return intake;
  }

  Assembly assembly() {
    return assembly;
  }

  KeyFile keys() {
    return keys;
  }

  KeysInHand inHand() {
    return inHand;
  }

  ChunksInHand chunks() {
    return chunks;
  }

  synchronized RunCounts counts() {
    return counts;
  }

  /**
   * What to tell of the rows that were read: of a pass that is not as far as an earlier one was,
   * what that one told. At the end of the source this pass counts, however few rows there are now.
   */
  synchronized RunCounts told(boolean atEnd) {
    boolean further = counts.read() >= run.counts().read();
    return further || (atEnd && !hasEnough()) ? counts : run.counts();
  }

  /** A dry pass: what would become of a chunk. */
  synchronized void count(ChunkClaim chunk, Map<String, Known> known, long open) {
    again = again.plus(chunk, known, open);
  }

  public synchronized AgainCount again() {
    return again;
  }

  /** Makes a frame. */
  interface Frames {
    ParamsFrame of(Extraction extraction, @Nullable String system, String model);
  }

  /** The frame of a model's requests; made when it is asked for first. */
  synchronized ParamsFrame frame(@Nullable String system, String model, Frames frames) {
    return this.frames.computeIfAbsent(
        new Framed(system, model), framed -> frames.of(this, system, model));
  }

  boolean hasEnough() {
    return room() <= 0;
  }

  /** How many more records may be claimed. */
  synchronized int room() {
    Integer max = run.maxRecords();
    return max == null ? Integer.MAX_VALUE : max - claimed;
  }

  /** The next chunk, to be decided by what the ledger knows of its keys. */
  ChunkClaim chunk(Map<String, Known> known) {
    return new ChunkClaim(run, job, scope, known, inHand.all(), nextN, counts);
  }

  synchronized void claimed(ChunkClaim chunk) {
    inHand.met(chunk.met());
    counts = chunk.counts();
    claimed += chunk.claims().size();
    nextN += chunk.claims().size();
  }

  /** The ledger knows a chunk. */
  void told(ChunkClaim chunk) {
    inHand.told(chunk.met());
  }

  /** Counts one refused record; how many there are now. */
  synchronized int refusedOne() {
    return ++refused;
  }

  /**
   * The pass is over. True for who says so first, be it the end of the source or a chunk that
   * fails: that one decides what becomes of the run.
   */
  synchronized boolean end() {
    boolean first = !over;
    over = true;
    return first;
  }

  /** Every record so far was refused; nothing more is claimed. */
  synchronized void hopeless(String why) {
    hopeless = why;
  }

  synchronized void checkHope() {
    if (hopeless != null) {
      throw new JobFault(hopeless);
    }
  }
}
