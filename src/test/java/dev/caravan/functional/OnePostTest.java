package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;

/** R3, whatever a YAML file says: one POST for one intent, and its lost answer is doubt. */
class OnePostTest {
  private static final String CREATE = "05-anthropic.camel.yaml";
  private static final String SUBMIT = "20-submit.camel.yaml";
  private static final String POST =
      """
      - to:
          id: post-batch
          description: The one POST
          uri: direct:anthropic-create
      """;
  private static final String POST_AGAIN = POST.replace("post-batch", "post-again");
  private static final int IN_TRY = 14;

  @TempDir Path home;

  private record Edit(String file, UnaryOperator<String> change) {
    static Edit of(String file, String from, String to) {
      return new Edit(file, text -> text.replace(from, to));
    }
  }

  private static Map<String, Edit> edits() {
    Map<String, Edit> edits = new LinkedHashMap<>();
    edits.put(
        "tries again on errors",
        Edit.of(
            CREATE,
            "    errorHandler:\n      noErrorHandler: {}\n",
            "    routeConfigurationId: api-reads\n"));
    edits.put(
        "tries again on errors and on answers",
        new Edit(
            CREATE,
            text ->
                text.replace(
                        "    errorHandler:\n      noErrorHandler: {}\n",
                        "    errorHandler:\n      defaultErrorHandler:\n        redeliveryPolicy:\n"
                            + "          maximumRedeliveries: 3\n          redeliveryDelay: \"10\"\n")
                    .replace(
                        "              httpMethod: POST\n              throwExceptionOnFailure: \"false\"\n",
                        "              httpMethod: POST\n")));
    edits.put(
        "posts in a loop",
        instead(
            """
            - loop:
                id: post-often
                copy: "true"
                expression:
                  constant:
                    expression: "3"
                steps:
            """
                + POST.indent(6)));
    edits.put("posts twice", instead(POST + POST_AGAIN));
    edits.put(
        "posts to several",
        instead(
            """
            - multicast:
                id: post-to-several
                parallelProcessing: "true"
                steps:
            """
                + (POST + POST_AGAIN).indent(6)));
    return edits;
  }

  /** These steps in the place of the one POST. */
  private static Edit instead(String steps) {
    return Edit.of(SUBMIT, POST.indent(IN_TRY), steps.indent(IN_TRY));
  }

  private void apply(Edit edit) throws Exception {
    Path file = home.resolve("routes").resolve(edit.file());
    String before = Files.readString(file);
    String after = edit.change().apply(before);
    assertThat(after).isNotEqualTo(before);
    Files.writeString(file, after);
  }

  private static long posts(InvoiceNight night) {
    return night.simulator().books().calls().getOrDefault(Endpoint.CREATE, 0L);
  }

  @EachDatabase
  void aLostAnswerIsFollowedByNoSecondPost(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      String create = Files.readString(home.resolve("routes").resolve(CREATE));
      String submit = Files.readString(home.resolve("routes").resolve(SUBMIT));
      for (Map.Entry<String, Edit> edit : edits().entrySet()) {
        Files.writeString(home.resolve("routes").resolve(CREATE), create);
        Files.writeString(home.resolve("routes").resolve(SUBMIT), submit);
        apply(edit.getValue());
        night.restart();
        for (Fault loss :
            new Fault[] {
              new Fault.CutAfter(Endpoint.CREATE),
              new Fault.CutBefore(Endpoint.CREATE),
              new Fault.Refuse(Endpoint.CREATE, 529, null, null, null, null, true)
            }) {
          long posts = posts(night);
          long accepted = night.accepted();
          night.simulator().clearFaults().faults(loss);
          night.more(3);
          assertThat(posts(night)).as(edit.getKey() + ": " + loss).isEqualTo(posts + 1);
          assertThat(night.newest().state().text())
              .as(edit.getKey() + ": " + loss)
              .isEqualTo("doubt");
          night.untilDone(Duration.ofMinutes(2));
          assertThat(night.accepted()).as(edit.getKey() + ": " + loss).isEqualTo(accepted + 1);
        }
      }
      assertThat(night.count("invoices where loads <> 1")).isZero();
    }
  }
}
