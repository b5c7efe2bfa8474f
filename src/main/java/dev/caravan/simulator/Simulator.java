package dev.caravan.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A running stand-in for the Message Batches, Messages, count_tokens and Models endpoints; it
 * speaks HTTP on its {@link #baseUrl()} until closed.
 */
public final class Simulator implements AutoCloseable {
  private final SimulatorOptions options;
  private final FaultPlan faults = new FaultPlan();
  private final Answers answers = new Answers();
  private final Bookkeeper books = new Bookkeeper();
  private final Path folder;
  private final Batches batches;
  private final Control control;
  private final HttpFront front;

  private Simulator(SimulatorOptions options, Path folder) throws IOException {
    this.options = options;
    this.folder = folder;
    Models models = Models.known();
    ParamsCheck check = new ParamsCheck(models, options.clock());
    MessageMaker maker = new MessageMaker(answers, new TokenMeter(options.clock()), models);
    this.batches =
        new Batches(options, folder, faults, new Settler(check, maker, faults, options.shuffled()));
    this.control = new Control(options, faults, answers, batches, books);
    MessageEndpoints messages =
        new MessageEndpoints(models, check, maker, faults, books, options.clock());
    Api api =
        new Api(options, faults, books, new BatchEndpoints(batches, options), messages, control);
    this.front = new HttpFront(options.host(), options.port(), options.clock(), api);
  }

  /**
   * Starts a simulator.
   *
   * @throws IOException if the port is taken or the spool folder cannot be written
   */
  public static Simulator start(SimulatorOptions options) throws IOException {
    Path folder = folder(options);
    try {
      return new Simulator(options, folder);
    } catch (IOException e) {
      Files.deleteIfExists(folder);
      throw e;
    }
  }

  /** Where it listens, such as http://127.0.0.1:8790, without a slash at the end. */
  public String baseUrl() {
    return "http://" + options.host() + ":" + front.port();
  }

  public int port() {
    return front.port();
  }

  /** The time of all it says; advance it to make hours pass. */
  public MovableClock clock() {
    return options.clock();
  }

  /** Plans faults of calls and batches once each, faults of lines for every match. */
  public Simulator faults(Fault... planned) {
    Stream.of(planned).forEach(faults::add);
    return this;
  }

  /** Plans a fault that lets {@code skip} calls, batches or lines pass and hits {@code times}. */
  public Simulator fault(Fault planned, int skip, int times) {
    faults.add(planned, skip, times);
    return this;
  }

  /**
   * Plans the faults of a JSON array.
   *
   * @throws IllegalArgumentException saying which fault cannot be read and why
   */
  public Simulator faults(JsonNode json) {
    faults.add(json);
    return this;
  }

  public Simulator clearFaults() {
    faults.clear();
    return this;
  }

  /** Answers requests whose custom_id contains a match of {@code customId} with {@code text}. */
  public Simulator answers(String customId, String text) {
    return answers(customId, asked -> text);
  }

  /** Answers requests whose custom_id contains a match; the newest rule comes first. */
  public Simulator answers(String customId, Function<Asked, String> answer) {
    answers.add(Pattern.compile(customId), answer);
    return this;
  }

  /**
   * Adds the answers of a JSON array.
   *
   * @throws IllegalArgumentException saying which entry cannot be read and why
   */
  public Simulator answers(JsonNode json) {
    answers.add(json);
    return this;
  }

  /**
   * Another tool's batch of {@code count} requests, created now in the workspace of a simulator
   * that has only one.
   *
   * @return its id
   */
  public String foreignBatch(int count) throws IOException {
    return foreignBatch(count, Access.ONE_WORKSPACE);
  }

  /** The same, in the named workspace. */
  public String foreignBatch(int count, String workspace) throws IOException {
    return control.foreignBatch(count, workspace).id();
  }

  /** What was accepted, served and would have been billed until now. */
  public Books books() {
    return books.books(batches);
  }

  /**
   * The custom_ids of an accepted batch, in the order sent.
   *
   * @throws IllegalArgumentException if there never was such a batch
   */
  public List<String> customIds(String batchId) {
    return batches.customIds(batchId);
  }

  /** Stops listening and removes the spool; closing again does nothing. */
  @Override
  public synchronized void close() throws IOException {
    front.close();
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }

  private static Path folder(SimulatorOptions options) throws IOException {
    Path parent = options.spool();
    if (parent == null) {
      return Files.createTempDirectory("caravan-simulator-");
    }
    Files.createDirectories(parent);
    return Files.createTempDirectory(parent, "simulator-");
  }
}
