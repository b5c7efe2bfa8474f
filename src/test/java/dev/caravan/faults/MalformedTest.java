package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.batch.CustomId;
import dev.caravan.batch.RecordKey;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.JobReader;
import dev.caravan.settings.PricesReader;
import dev.caravan.settings.PromptFault;
import dev.caravan.settings.PromptTemplate;
import dev.caravan.settings.SettingsReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/** Malformed settings, files, rows and keys: each is taken, or named; none ends in an exception. */
@Tag("faults")
class MalformedTest {
  private static Path home = Path.of("target");

  @BeforeContainer
  static void copyHome() throws IOException {
    home = Files.createTempDirectory("caravan-malformed");
    FileSystemUtils.copyRecursively(Path.of("config"), home.resolve("config"));
  }

  @AfterContainer
  static void deleteHome() throws IOException {
    FileSystemUtils.deleteRecursively(home);
  }

  private interface Reading {
    void read();
  }

  /** Taken, or refused with at least one fault that says something. */
  private static void takenOrNamed(String what, Reading reading) {
    try {
      reading.read();
    } catch (FaultsException named) {
      assertThat(named.faults()).isNotEmpty().noneMatch(fault -> fault.toString().isBlank());
    }
    FaultTable.tried("malformed " + what, 1);
  }

  @Property
  void aSettingIsTakenOrNamed(@ForAll("settings") String key, @ForAll("texts") String value) {
    takenOrNamed("setting", () -> SettingsReader.read(home, Map.of(), Map.of(key, value)));
  }

  @Property
  void jobPropertiesAreTakenOrNamed(@ForAll("texts") String text, @ForAll("cuts") double at)
      throws IOException {
    edited("config/jobs/invoices/job.properties", text, at, () -> JobReader.read(home, "invoices"));
  }

  @Property
  void pricesAreTakenOrNamed(@ForAll("texts") String text, @ForAll("cuts") double at)
      throws IOException {
    edited(
        "config/prices.yaml",
        text,
        at,
        () -> PricesReader.read(home.resolve("config/prices.yaml")));
  }

  /** The file with a text in the middle of it, in the place of a few letters. */
  private void edited(String name, String text, double at, Reading reading) throws IOException {
    Path file = home.resolve(name);
    String good = Files.readString(Path.of(name));
    int from = (int) (at * good.length());
    int to = Math.min(good.length(), from + text.length() % 7);
    Files.write(
        file,
        (good.substring(0, from) + text + good.substring(to))
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    takenOrNamed(file.getFileName().toString(), reading);
  }

  @Property
  void aPromptIsTakenOrNamed(
      @ForAll("texts") String text, @ForAll("texts") String other, @ForAll("values") Object value) {
    takenOrNamed(
        "prompt",
        () -> {
          try {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("a", value);
            row.put("b", null);
            PromptTemplate.compile("prompt.md", text + "${a}" + other + "${b!}", Map.of())
                .render(row);
          } catch (PromptFault named) {
            assertThat(named).hasMessageMatching("(?s).+");
          }
        });
  }

  @Property
  void aKeyHasAHashAndALegalCustomIdOrIsNoKey(
      @ForAll("values") Object one, @ForAll("values") Object other) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("a", one);
    row.put("b", other);
    RecordKey.of(List.of("a", "b"), row)
        .ifPresent(
            key -> {
              assertThat(key.hash()).matches("[0-9a-f]{64}");
              assertThat(new CustomId("invoices", "abcd2345", 7).text(key.text()))
                  .matches("[A-Za-z0-9_-]{1,64}");
            });
    FaultTable.tried("malformed key", 1);
  }

  @Provide
  Arbitrary<String> settings() {
    return Arbitraries.of(SettingsReader.documented().keySet());
  }

  @Provide
  Arbitrary<Double> cuts() {
    return Arbitraries.doubles().between(0, 1);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(40),
        Arbitraries.strings()
            .withChars("${}<#>/!?\"':=.,-+×≤ \n\t\\0123456789smhdMB")
            .ofMaxLength(30),
        Arbitraries.of(
            "",
            "\u0000",
            "\ud800",
            "-1",
            "1e999",
            "NaN",
            "9".repeat(40),
            "\\u00",
            "\\uZZZZ",
            "${job.none}",
            "<#if>",
            "x".repeat(10_000),
            "&a [*a, *a]",
            "!!java.net.URL http://x",
            "jdbc:h2:",
            "http://[",
            "a@b, @",
            "/\u0000"));
  }

  @Provide
  Arbitrary<Object> values() {
    return Arbitraries.oneOf(
        texts().map(text -> (Object) text),
        Arbitraries.doubles().map(n -> (Object) n),
        Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, Float.NaN, new BigDecimal("1E+5000"))
            .map(n -> (Object) n),
        Arbitraries.bigIntegers().map(n -> (Object) n),
        Arbitraries.of(LocalDate.MIN, LocalDate.MAX, new byte[] {0, -1}, new int[] {1})
            .map(n -> (Object) n));
  }
}
