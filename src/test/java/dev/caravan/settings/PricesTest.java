package dev.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.caravan.batch.Usage;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PricesTest {
  private static final Prices PRICES = PricesReader.read(Path.of("config/prices.yaml"));
  private static final Instant NOVEMBER = Instant.parse("2026-11-20T23:00:00Z");

  @Test
  void aBatchPaysHalfOfEveryRate() {
    Usage each = new Usage(1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, 0);

    assertThat(PRICES.cost("claude-opus-5", each, NOVEMBER))
        .contains(
            new Prices.Cost(new BigDecimal("23.375000000000"), new BigDecimal("46.750000000000")));
  }

  @ParameterizedTest
  @CsvSource({
    "claude-haiku-5-5,  0.05, 0.25",
    "claude-haiku-4-5,  0.5,  2.5",
    "claude-sonnet-5-5, 1,    5",
    "claude-sonnet-4-6, 1.5,  7.5",
    "claude-opus-5-5,   2,    10",
    "claude-opus-4-7,   2.5,  12.5",
    "claude-fable-5-1,  5,    25",
    "claude-fable-5-2,  4,    20",
    "claude-mythos-5-2, 4,    20"
  })
  void batchPricesAreThoseOfThePriceList(String model, BigDecimal input, BigDecimal output) {
    assertThat(batch(model, new Usage(100_000, 0, 0, 0, 0, 0), NOVEMBER).movePointRight(1))
        .isEqualByComparingTo(input);
    assertThat(batch(model, new Usage(0, 0, 0, 0, 1_000_000, 0), NOVEMBER))
        .isEqualByComparingTo(output);
  }

  @ParameterizedTest
  @CsvSource({"2026-10-06T23:59:59Z, 0.10", "2026-10-07T00:00:00Z, 0.05"})
  void aPriceHoldsFromItsDayInUtc(Instant createdAt, BigDecimal usd) {
    assertThat(batch("claude-sonnet-5-5", new Usage(0, 0, 0, 1_000_000, 0, 0), createdAt))
        .isEqualByComparingTo(usd);
  }

  @ParameterizedTest
  @CsvSource({"40000, 0.0042", "40001, 0.021000025"})
  void theTierOfTheWholePromptPricesAllOfIt(long cached, BigDecimal usd) {
    Usage usage = new Usage(40_000, 0, 20_000, cached, 0, 0);

    assertThat(batch("claude-haiku-5-5", usage, NOVEMBER)).isEqualByComparingTo(usd);
  }

  @Test
  void anUnknownModelIsUnpricedAndSoIsATimeBeforeItsFirstPrice() {
    Usage usage = new Usage(1, 0, 0, 0, 1, 0);

    assertThat(PRICES.cost("claude-next", usage, NOVEMBER)).isEmpty();
    assertThat(PRICES.cost("claude-3-opus-20240229", usage, NOVEMBER)).isEmpty();
    assertThat(PRICES.cost("claude-haiku-5-5", usage, Instant.parse("2026-10-06T12:00:00Z")))
        .isEmpty();
  }

  @Test
  void findsAModelByIdAliasAndSnapshot() {
    assertThat(PRICES.model("claude-haiku-4-5").orElseThrow().id())
        .isEqualTo("claude-haiku-4-5-20251001");
    assertThat(PRICES.model("claude-opus-5-5-20260922").orElseThrow().id())
        .isEqualTo("claude-opus-5-5");
    assertThat(PRICES.model("claude-haiku-4-5-20260301")).isEmpty();
    assertThat(PRICES.model("claude-opus-4-5").orElseThrow())
        .returns(LocalDate.of(2027, 1, 22), Prices.Model::retiredOn)
        .returns("claude-opus-5-5", Prices.Model::replacement);
    assertThat(PRICES.model("claude-sonnet-4-5").orElseThrow().retiredOn())
        .isEqualTo(LocalDate.of(2026, 11, 30));
    assertThat(PRICES.model("claude-3-5-haiku-20241022").orElseThrow())
        .returns(LocalDate.of(2026, 2, 19), Prices.Model::retiredOn)
        .returns("claude-haiku-4-5-20251001", Prices.Model::replacement);
  }

  @Test
  void everyReplacementIsAModelThatLives() {
    assertThat(PRICES.models())
        .filteredOn(model -> model.replacement() != null)
        .allSatisfy(
            model ->
                assertThat(PRICES.model(String.valueOf(model.replacement())).orElseThrow())
                    .returns(null, Prices.Model::retiredOn)
                    .returns(true, Prices.Model::structuredOutputs));
  }

  @Property(tries = 300)
  void costIsExactToTheLastToken(@ForAll("usages") Usage u) {
    // claude-opus-4-8 as batch, in 1e-12 USD per token: 2.5, 3.125, 5, 0.25, 12.5 USD per million
    BigInteger expected =
        pico(2_500_000, u.inputTokens())
            .add(pico(3_125_000, u.cacheWrite5m()))
            .add(pico(5_000_000, u.cacheWrite1h()))
            .add(pico(250_000, u.cacheRead()))
            .add(pico(12_500_000, u.outputTokens()));

    assertThat(batch("claude-opus-4-8", u, NOVEMBER)).isEqualTo(new BigDecimal(expected, 12));
  }

  @Property(tries = 300)
  void theCostOfASumIsTheSumOfTheCosts(@ForAll("usages") Usage a, @ForAll("usages") Usage b) {
    Usage sum =
        new Usage(
            a.inputTokens() + b.inputTokens(),
            a.cacheWrite5m() + b.cacheWrite5m(),
            a.cacheWrite1h() + b.cacheWrite1h(),
            a.cacheRead() + b.cacheRead(),
            a.outputTokens() + b.outputTokens(),
            0);
    for (String model : new String[] {"claude-sonnet-5-5", "claude-haiku-4-5", "claude-fable-5"}) {
      assertThat(batch(model, sum, NOVEMBER))
          .isEqualTo(batch(model, a, NOVEMBER).add(batch(model, b, NOVEMBER)));
    }
  }

  @Provide
  Arbitrary<Usage> usages() {
    Arbitrary<Long> tokens = Arbitraries.longs().between(0, 10_000_000);
    return Combinators.combine(tokens, tokens, tokens, tokens, tokens)
        .as((i, w, h, r, o) -> new Usage(i, w, h, r, o, 0));
  }

  @Test
  void refusesAllFaultsOfTheFileWithTheirLines(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("prices.yaml");
    Files.writeString(
        file,
        """
        models:
          - id: claude-a
            context: many
            max-output: 1000
            min-cache: 512
            structured-outputs: yes
            sampling: false
            price: 1
            prices:
              - from: 2026-13-01
                tiers:
                  - up-to: 100
                    input: -1
                    output: 1
                    cache-write-5m: 1
                    cache-write-1h: 1
        """);

    FaultsException refused =
        catchThrowableOfType(FaultsException.class, () -> PricesReader.read(file));

    assertThat(refused.faults())
        .extracting(fault -> fault.line() + " " + fault.message())
        .containsExactlyInAnyOrder(
            "3 context can't be many",
            "6 structured-outputs can't be yes",
            "8 there is no price here",
            "10 from can't be 2026-13-01",
            "10 tiers must end with one without up-to",
            "13 input can't be -1",
            "12 cache-read is missing");
  }

  @Test
  void refusesBrokenYamlWithItsLine(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("prices.yaml");
    Files.writeString(file, "models:\n  - id: [a\n");

    assertThat(catchThrowableOfType(FaultsException.class, () -> PricesReader.read(file)))
        .hasMessageContaining("config/prices.yaml:3: not valid YAML");
  }

  private static BigInteger pico(long rate, long tokens) {
    return BigInteger.valueOf(rate).multiply(BigInteger.valueOf(tokens));
  }

  private static BigDecimal batch(String model, Usage usage, Instant at) {
    return PRICES.cost(model, usage, at).orElseThrow().batch();
  }
}
