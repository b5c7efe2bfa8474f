package dev.caravan.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.settings.Fault;
import dev.caravan.settings.Job;
import dev.caravan.settings.JobReader;
import dev.caravan.settings.Prices;
import dev.caravan.settings.PricesReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API says of a model is held against what the job asks: effort=low, 500 max-tokens. */
class ApiModelTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final Prices PRICES = PricesReader.read(Path.of("config/prices.yaml"));
  private static final Job JOB = JobReader.read(Path.of(""), "invoices");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"lifecycle":"retired"} | false | which the API has retired: requests fail
          {"lifecycle":"deprecated","retires_at":"2026-11-20T00:00:00Z"} | false | has retired on 2026-11-20 (UTC)
          {"retires_at":"2026-11-21T00:30:00+13:00"} | false | has retired on 2026-11-20 (UTC)
          {"lifecycle":"deprecated","retires_at":"2026-12-24T00:00:00Z"} | true | the API retires on 2026-12-24 (UTC)
          {"max_tokens":400} | false | max-tokens is 500, but the API says that claude-haiku-5-5 answers with at most 400
          {"capabilities":{"batch":{"supported":false}}} | false | does not take in batches
          {"capabilities":{"structured_outputs":{"supported":false}}} | false | takes no output.schema.json
          {"capabilities":{"effort":{"supported":false}}} | false | effort is low, which the API does not take
          {"capabilities":{"effort":{"supported":true,"low":{"supported":false}}}} | false | effort is low, which the API does not take
          """)
  void saysWhatTheModelDoesNotTake(String info, boolean warning, String message)
      throws JsonProcessingException {
    assertThat(faults(info))
        .singleElement()
        .returns(warning, Fault::warning)
        .satisfies(fault -> assertThat(fault.toString()).contains(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"lifecycle\":\"active\",\"retires_at\":null,\"max_tokens\":128000}",
        "{\"retires_at\":\"2027-12-24T00:00:00Z\"}",
        "{\"retires_at\":\"soon\",\"lifecycle\":\"fading\"}",
        "{\"capabilities\":{\"batch\":{\"supported\":true},\"effort\":{\"low\":{}}}}"
      })
  void whatTheApiLeavesOutIsNoFault(String info) throws JsonProcessingException {
    assertThat(faults(info)).isEmpty();
  }

  private static List<Fault> faults(String info) throws JsonProcessingException {
    return new ApiModel(JOB, "model", JOB.model(), new ObjectMapper().readTree(info))
        .faults(PRICES, NOW);
  }
}
