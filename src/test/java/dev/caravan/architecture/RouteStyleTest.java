package dev.caravan.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The routes can be read by people who run them at night, and by newer Camel versions. */
class RouteStyleTest {
  private static final String GOOD =
      """
      # SUBMIT   one ready batch -> one Message Batch
      - routeConfiguration:
          id: errors
          onException:
            - onException:
                exception:
                  - java.io.IOException
                redeliveryPolicy:
                  maximumRedeliveries: "{{retry.max}}"
                  logStackTrace: "{{retry.trace}}"
      - route:
          id: submit-batch
          group: submit
          description: Create one Message Batch
          from:
            uri: direct:submit
            steps:
              - setVariable:
                  name: nonce
                  expression:
                    simple:
                      expression: ${body}
              - choice:
                  when:
                    - expression:
                        simple:
                          expression: ${body[kind]} == 'long'
                      steps:
                        - toD:
                            uri: direct:${variable.job}-request
                  otherwise:
                    steps:
                      - stop: {}
              - bean:
                  id: write-body
                  ref: writer
                  method: write
              - to:
                  id: create-message-batch
                  description: POST the batch
                  uri: http
                  parameters:
                    httpUri: "{{anthropic.base-url}}/v1/messages/batches"
      """;

  @TempDir Path folder;

  @Test
  void routesFollowTheStyle() throws IOException {
    assertThat(RouteStyle.faults(RouteFile.below(Path.of("routes")))).isEmpty();
  }

  @Test
  void acceptsAGoodFile() throws IOException {
    assertThat(faults(GOOD)).isEmpty();
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "id: submit-batch | id: submitBatch | id 'submitBatch' is not kebab-case",
        "id: submit-batch | note: none | has no id",
        "id: write-body | id: submit-batch | id 'submit-batch' is used twice",
        "id: write-body | inheritErrorHandler: true | bean: has no id",
        "id: create-message-batch | variableReceive: answer | to: has no id",
        "description: POST the batch | note: none | goes outside and has no description",
        "description: Create one Message Batch | note: none | has no description",
        "group: submit | group: sending | group is 'sending'",
        "uri: direct:${variable.job}-request | uri: direct:nobody | direct:nobody is served by no route",
        "uri: direct:${variable.job}-request | uri: direct:${body} | is served by no route",
        "${body[kind]} == 'long' | ${body[kind]} == 'long' && ${body[a]} == 1 | one comparison",
        "${body[kind]} == 'long' | ${body[a]} > 1 ${body[kind]} == 'long' | one comparison",
        "${body[kind]} == 'long' | \"${body} > 1 ? 'a' : 'b'\" | one comparison",
        "- stop: {} | - script: { expression: { groovy: { expression: x } } } | not scripts",
        "- stop: {} | - process: { ref: x } | not scripts",
        "- stop: {} | - log: text | short form of a step",
        "- stop: {} | - to: direct:submit | short form of a step",
        "- stop: {} | - setBody: { simple: { expression: x } } | belongs under expression",
        "- stop: {} | - setBody: { expression: { simple: x } } | short form of an expression",
        "- stop: {} | - setBody: { simple: x } | belongs under expression",
        "- stop: {} | - halt: {} | halt",
        "- stop: {} | - stop: { when: now } | 'when' is not defined",
        "uri: direct:submit | uri: direct:submit?timeout=3 | options belong under parameters",
        "- routeConfiguration: | - onException: | top level 'onException'",
        "`\"{{retry.max}}\"` | many | number expected",
      })
  void bites(String good, String bad, String fault) throws IOException {
    assertThat(GOOD).contains(good);

    assertThat(faults(GOOD.replaceFirst(Pattern.quote(good), Matcher.quoteReplacement(bad))))
        .anyMatch(found -> found.contains(fault));
  }

  @Test
  void namesTheFileThatIsNoYaml() {
    assertThatThrownBy(() -> faults("- route: [")).hasMessageContaining("20-submit.camel.yaml");
  }

  @Test
  void bitesAFileNameWithDots() throws IOException {
    Files.writeString(folder.resolve("20.submit.camel.yaml"), GOOD);
    assertThat(RouteStyle.faults(RouteFile.below(folder)))
        .singleElement()
        .asString()
        .contains("dots");
  }

  @Test
  void bitesARouteOfNineStepsWhereverTheyStand() throws IOException {
    var stop = GOOD.lines().filter(line -> line.endsWith("- stop: {}")).findFirst().orElseThrow();
    assertThat(faults(GOOD.replace(stop, stop + ("\n" + stop).repeat(3))))
        .singleElement()
        .asString()
        .contains("9 steps, the limit is 8");
  }

  @Test
  void bitesALongFileButLetsAJobBeLonger() throws IOException {
    var longer = GOOD + "# remark\n".repeat(145);
    assertThat(faults(longer)).singleElement().asString().contains("the limit is 180");

    Files.createDirectory(folder.resolve("jobs"));
    Files.move(folder.resolve("20-submit.camel.yaml"), folder.resolve("jobs/invoices.camel.yaml"));
    assertThat(RouteStyle.faults(RouteFile.below(folder))).isEmpty();
  }

  @Test
  void bitesAnIdThatAnotherFileOwns() throws IOException {
    Files.writeString(folder.resolve("10-extract.camel.yaml"), GOOD);
    assertThat(faults(GOOD)).anyMatch(fault -> fault.contains("'submit-batch' is used twice"));
  }

  private List<String> faults(String yaml) throws IOException {
    Files.writeString(folder.resolve("20-submit.camel.yaml"), yaml);
    return RouteStyle.faults(RouteFile.below(folder));
  }
}
