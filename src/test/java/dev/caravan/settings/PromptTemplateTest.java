package dev.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.batch.DatabaseText;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTemplateTest {
  private static final Map<String, String> PARAMS =
      Map.of("approval-limit", "100000", "team", "AP");

  @Test
  void putsWhatIsAboveTheLineIntoTheSystemPartAndTheRestIntoTheMessage() {
    Prompt prompt =
        compile("You serve ${job.team}.\n---\n\nInvoice ${no}\n---\nend\n")
            .render(Map.of("no", "INV-1"));

    assertThat(prompt.system()).isEqualTo("You serve AP.");
    assertThat(prompt.user()).isEqualTo("Invoice INV-1\n---\nend");
  }

  @Test
  void withoutALineEverythingIsTheMessage() {
    Prompt prompt = compile("Limit ${job.approval_limit}: ${no}").render(Map.of("no", 7));

    assertThat(prompt).isEqualTo(new Prompt(null, "Limit 100000: 7"));
  }

  @Test
  void anEmptySystemPartIsNone() {
    assertThat(compile("\n---\r\nx").render(Map.of()).system()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"${amount}", "${amount!\"x\"}", "<#if amount??>x</#if>"})
  void refusesAColumnInTheSystemPartAndSaysWhy(String use) {
    assertThatThrownBy(() -> compile("You are\n" + use + "\n---\nx"))
        .isInstanceOf(FaultsException.class)
        .hasMessageContaining("prompt.md:2: amount stands above the --- line")
        .hasMessageContaining("cached once")
        .hasMessageContaining("Move amount below");
  }

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of(new BigDecimal("1234567.50"), "1234567.5"),
        Arguments.of(new BigDecimal("1E+20"), "100000000000000000000"),
        Arguments.of(new BigDecimal("0.000000000001"), "0.000000000001"),
        Arguments.of(12345678901234L, "12345678901234"),
        Arguments.of(0.1d, "0.1"),
        Arguments.of(true, "true"),
        Arguments.of(LocalDateTime.of(2026, 11, 20, 23, 0), "2026-11-20T23:00:00"),
        Arguments.of(LocalDate.of(2026, 11, 20), "2026-11-20"),
        Arguments.of(OffsetTime.of(7, 5, 0, 0, ZoneOffset.ofHours(5)), "07:05:00+05:00"),
        Arguments.of(new DatabaseText("inet", "10.0.0.1/8"), "10.0.0.1/8"),
        Arguments.of(LocalTime.of(7, 5), "07:05:00"),
        Arguments.of(Instant.parse("2026-11-20T23:00:00Z"), "2026-11-20T23:00:00Z"),
        Arguments.of(
            OffsetDateTime.of(2026, 11, 20, 23, 0, 0, 0, ZoneOffset.ofHours(5)),
            "2026-11-20T23:00:00+05:00"),
        Arguments.of(
            UUID.fromString("0A0B0C0D-0000-0000-0000-000000000001"),
            "0a0b0c0d-0000-0000-0000-000000000001"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void printsValuesTheSameOnEveryMachine(Object value, String printed) {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(compile("${v}").render(Map.of("v", value)).user()).isEqualTo(printed);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void templateTextInsideDataStaysLiteral() {
    String evil = "${job.team} <#list 1..9 as i></#if> \"'&<b> [=x] \\u0041 ---\n---";

    assertThat(compile("a ${v} z").render(Map.of("v", evil)).user()).isEqualTo("a " + evil + " z");
  }

  @Test
  void namesFileLineAndColumnOfANull() {
    PromptTemplate template = compile("system\n---\nline 3\n<#if true>\n${amount}</#if>");

    assertThatThrownBy(() -> template.render(Collections.singletonMap("amount", null)))
        .isInstanceOf(PromptFault.class)
        .hasMessage(
            "prompt.md:5: column amount is NULL."
                + " Write ${amount!\"none\"}, or <#if amount??> … </#if>.");
    assertThat(
            compile("${amount!\"none\"}").render(Collections.singletonMap("amount", null)).user())
        .isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"${amonut}", "${amonut!\"none\"}", "<#if amonut??>1</#if>"})
  void refusesANameThatNoColumnHasEvenWithADefault(String use) {
    assertThatThrownBy(() -> compile("\n" + use).render(Map.of("amount", 1)))
        .isInstanceOf(PromptFault.class)
        .hasMessage("prompt.md:2: extract.sql gives no column amonut. Did you mean amount?");
  }

  @Test
  void refusesAnUnknownParameterAndExplainsTheMinus() {
    assertThatThrownBy(() -> compile("${job.approval-limit}").render(Map.of("limit", 1)))
        .isInstanceOf(PromptFault.class)
        .hasMessageContaining("no param.approval")
        .hasMessageContaining("${job.approval_limit}");
    assertThatThrownBy(() -> compile("${job.tean}\n---\nx"))
        .isInstanceOf(FaultsException.class)
        .hasMessageContaining("prompt.md:1: job.properties has no param.tean");
  }

  @Test
  void reportsSyntaxErrorsOfBothPartsWithTheirLines() {
    assertThatThrownBy(() -> compile("a\n<#if x>\n---\n\n${"))
        .isInstanceOfSatisfying(
            FaultsException.class,
            e -> assertThat(e.faults()).extracting(Fault::line).containsExactly(2, 5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${\"freemarker.template.utility.Execute\"?new()(\"id\")}",
        "${v?api.class}",
        "${v.class}",
        "<#include \"/etc/hosts\">"
      })
  void givesNoWayToJavaOrToFiles(String attack) {
    assertThatThrownBy(() -> compile("ok\n" + attack).render(Map.of("v", "text")))
        .isInstanceOf(PromptFault.class)
        .hasMessageMatching("(?s)prompt\\.md:2: [^\\n]+");
  }

  @Test
  void refusesAnEmptyMessage() {
    assertThatThrownBy(() -> compile("${v}").render(Map.of("v", " \n")))
        .isInstanceOf(PromptFault.class)
        .hasMessage("prompt.md: the message of this record is empty. Print a column.");
  }

  @Test
  void rendersTheSameFromManyThreads() {
    PromptTemplate template = compile("s\n---\n<#list 1..50 as i>${v}</#list>");

    List<String> rendered =
        IntStream.range(0, 200)
            .parallel()
            .mapToObj(i -> template.render(Map.of("v", i)).user())
            .toList();

    assertThat(rendered)
        .containsExactlyElementsOf(
            IntStream.range(0, 200).mapToObj(i -> String.valueOf(i).repeat(50)).toList());
  }

  private static PromptTemplate compile(String text) {
    return PromptTemplate.compile("prompt.md", text, PARAMS);
  }
}
