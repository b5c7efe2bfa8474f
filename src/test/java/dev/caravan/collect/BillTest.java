package dev.caravan.collect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.settings.Prices;
import dev.caravan.settings.PricesReader;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R6: an answer is booked as it is billed, and never guessed. */
class BillTest {
  private static final Prices PRICES = PricesReader.read(Path.of("config/prices.yaml"));
  private static final Instant NOVEMBER = Instant.parse("2026-11-20T23:00:00Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** USD per million tokens in real time: input, output, cache read, and the factor above 100k. */
  private record Rates(String input, String output, String read, int longPrompt) {}

  private static final Map<String, Rates> RATES =
      Map.of(
          "claude-haiku-5-5", new Rates("0.1", "0.5", "0.01", 5),
          "claude-haiku-4-5-20251001", new Rates("1", "5", "0.1", 1),
          "claude-sonnet-5-5", new Rates("2", "10", "0.1", 1),
          "claude-opus-5-5", new Rates("4", "20", "0.2", 1),
          "claude-fable-5-2", new Rates("8", "40", "0.2", 1));

  @Property(tries = 1000)
  void everyAnswerThatIsUnderstoodIsBookedToTheDigit(@ForAll("messages") ObjectNode message) {
    JsonNode u = message.path("usage");
    Rates rates = Objects.requireNonNull(RATES.get(message.path("model").asText()));
    BigDecimal input = new BigDecimal(rates.input());
    long fiveMinutes = u.at("/cache_creation/ephemeral_5m_input_tokens").asLong();
    long hour = u.at("/cache_creation/ephemeral_1h_input_tokens").asLong();
    long prompt =
        u.path("input_tokens").asLong()
            + fiveMinutes
            + hour
            + u.path("cache_read_input_tokens").asLong();
    BigDecimal perMillion =
        tokens(u.path("input_tokens").asLong(), input)
            .add(tokens(fiveMinutes, input.multiply(new BigDecimal("1.25"))))
            .add(tokens(hour, input.multiply(new BigDecimal("2"))))
            .add(tokens(u.path("cache_read_input_tokens").asLong(), new BigDecimal(rates.read())))
            .add(tokens(u.path("output_tokens").asLong(), new BigDecimal(rates.output())))
            .multiply(new BigDecimal(prompt > 100_000 ? rates.longPrompt() : 1))
            .multiply(new BigDecimal(u.path("inference_geo").asText().equals("us") ? "1.1" : "1"));

    Bill bill = Bill.of(message, PRICES, NOVEMBER);

    assertThat(bill.unpriced()).isNull();
    assertThat(cost(bill).batch())
        .isEqualByComparingTo(perMillion.movePointLeft(6).divide(new BigDecimal(2)));
    assertThat(cost(bill).realTime()).isEqualByComparingTo(perMillion.movePointLeft(6));
  }

  @Provide
  Arbitrary<ObjectNode> messages() {
    Arbitrary<Long> tokens =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, 300), Arbitraries.longs().between(0, 900_000));
    Arbitrary<String> geo = Arbitraries.of("us", "global", "not_available", "");
    return Combinators.combine(
            Arbitraries.of(RATES.keySet()), tokens, tokens, tokens, tokens, tokens, geo)
        .as(
            (model, input, write5m, write1h, read, output, place) -> {
              ObjectNode message = message(model, input, output);
              ObjectNode usage = message.withObject("usage");
              usage.put("cache_creation_input_tokens", write5m + write1h);
              usage.put("cache_read_input_tokens", read);
              usage
                  .putObject("cache_creation")
                  .put("ephemeral_5m_input_tokens", write5m)
                  .put("ephemeral_1h_input_tokens", write1h);
              usage.putObject("output_tokens_details").put("thinking_tokens", output / 2);
              usage.put("service_tier", "batch").putNull("server_tool_use");
              return place.isEmpty() ? message : put(message, "inference_geo", place);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"output_tokens":9000000000000000000} | output_tokens is 9000000000000000000
          {"output_tokens":99999999999999999999999} | output_tokens is 99999999999999999999999
          {"output_tokens":-1} | output_tokens is -1
          {"output_tokens":1.5} | output_tokens is 1.5
          {"output_tokens":1e999} | output_tokens is
          {"input_tokens":"12"} | input_tokens is "12"
          {"input_tokens":[1]} | input_tokens is [1]
          {"input_tokens":null} | input_tokens is missing
          {"cache_read_input_tokens":10000001} | cache_read_input_tokens is 10000001
          {"cache_creation_input_tokens":7} | cache_creation_input_tokens is 7, without its parts
          {"cache_creation_input_tokens":1000000,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0}} | is 1000000, but its parts are 0 + 0
          {"cache_creation_input_tokens":5,"cache_creation":{"ephemeral_5m_input_tokens":5,"ephemeral_1d_input_tokens":9}} | cache_creation.ephemeral_1d_input_tokens is 9
          {"output_tokens_details":{"thinking_tokens":11}} | thinking_tokens is 11 of 10 output
          {"service_tier":"standard"} | service_tier is standard, not batch
          {"service_tier":"priority"} | service_tier is priority, not batch
          {"inference_geo":"eu"} | inference_geo is eu
          {"server_tool_use":{"web_search_requests":2}} | server_tool_use is {"web_search_requests":2}
          {"speed":"fast"} | speed is fast
          {"iterations":[{"input_tokens":4}]} | iterations is
          {"image_tokens":3} | image_tokens is 3
          {"surcharge":"night"} | surcharge is "night"
          """)
  void whatIsNotUnderstoodIsUnpricedAndSaid(String fields, String why)
      throws JsonProcessingException {
    ObjectNode message = message("claude-haiku-5-5", 10, 10);
    message.withObject("usage").setAll((ObjectNode) JSON.readTree(fields));

    Bill bill = Bill.of(message, PRICES, NOVEMBER);

    assertThat(bill.cost()).isNull();
    assertThat(bill.unpriced()).contains(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"service_tier":null,"inference_geo":null,"speed":"standard"}
          {"server_tool_use":{"web_search_requests":0},"iterations":[],"image_tokens":0,"note":""}
          {"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1d_input_tokens":0}}
          """)
  void whatSaysNothingCostsNothing(String fields) throws JsonProcessingException {
    ObjectNode message = message("claude-haiku-5-5", 10, 10);
    message.withObject("usage").setAll((ObjectNode) JSON.readTree(fields));

    assertThat(cost(Bill.of(message, PRICES, NOVEMBER)).batch()).isEqualByComparingTo("0.000003");
  }

  @Test
  void aModelWithoutAPriceIsUnpricedAndItsTokensAreKnown() {
    assertThat(Bill.of(message("claude-next-9", 10, 20), PRICES, NOVEMBER))
        .returns(null, Bill::cost)
        .returns(20L, bill -> Objects.requireNonNull(bill.usage()).outputTokens())
        .returns("config/prices.yaml has no price for claude-next-9 on 2026-11-20", Bill::unpriced);
    ObjectNode nameless = message("x", 1, 1);
    nameless.remove("model");
    assertThat(Bill.of(nameless, PRICES, NOVEMBER).unpriced())
        .isEqualTo("the answer names no model");
    assertThat(Bill.of(JSON.createObjectNode(), PRICES, NOVEMBER).unpriced())
        .isEqualTo("the answer has no usage");
  }

  @Test
  void aRefusalWithoutAWordIsNotCharged() {
    ObjectNode refusal = message("claude-opus-5-5", 1000, 0).put("stop_reason", "refusal");
    ObjectNode late = message("claude-opus-5-5", 1000, 5).put("stop_reason", "refusal");

    assertThat(cost(Bill.of(refusal, PRICES, NOVEMBER)).batch()).isEqualByComparingTo("0");
    assertThat(cost(Bill.of(late, PRICES, NOVEMBER)).batch()).isEqualByComparingTo("0.00205");
  }

  private static Prices.Cost cost(Bill bill) {
    return Objects.requireNonNull(bill.cost());
  }

  private static ObjectNode message(String model, long input, long output) {
    ObjectNode message = JSON.createObjectNode().put("model", model);
    message.putObject("usage").put("input_tokens", input).put("output_tokens", output);
    return message;
  }

  private static ObjectNode put(ObjectNode message, String field, String value) {
    message.withObject("usage").put(field, value);
    return message;
  }

  private static BigDecimal tokens(long tokens, BigDecimal rate) {
    return rate.multiply(BigDecimal.valueOf(tokens));
  }
}
