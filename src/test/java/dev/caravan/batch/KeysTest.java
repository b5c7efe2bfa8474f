package dev.caravan.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

class KeysTest {
  @Property(tries = 500)
  void everyCustomIdIsLegalAndGivesBackNonceAndNumber(
      @ForAll String key, @ForAll @IntRange(max = 200_000) int n) {
    String id = new CustomId("invoices-all", "abcd2345", n).text(key);
    assertThat(id).matches("[A-Za-z0-9_-]{1,64}");
    assertThat(CustomId.parse(id)).contains(new CustomId("invoices-all", "abcd2345", n));
  }

  @Property(tries = 500)
  void noTextBreaksTheParsingOfACustomId(@ForAll String text, @ForAll long number) {
    assertThat(CustomId.parse(text)).isEmpty();
    String hostile = "job_abcd2345_" + Long.toString(Math.abs(number), 32) + "_x";
    CustomId.parse(hostile).ifPresent(id -> assertThat(id.text("x")).isEqualTo(hostile));
  }

  @Property(tries = 300)
  void differentKeysHaveDifferentHashesAndEqualOnesTheSame(
      @ForAll String one, @ForAll String other) {
    assertThat(hash(one).equals(hash(other))).isEqualTo(one.equals(other));
    assertThat(hash(one, other).equals(hash(one + other))).isFalse();
  }

  @Property(tries = 300)
  void aNumberHasOneHashHoweverItIsWritten(
      @ForAll BigDecimal number, @ForAll @IntRange(max = 9) int zeros) {
    assertThat(hash(number.setScale(number.scale() + zeros))).isEqualTo(hash(number));
    assertThat(hash(1L)).isEqualTo(hash(new BigDecimal("1.00"))).isEqualTo(hash(1));
    assertThat(hash(1L)).isNotEqualTo(hash("1"));
  }

  @Property(tries = 300)
  void aRecordIsFoundByItsKeyAsPeopleReadIt(
      @ForAll("values") Object value, @ForAll("values") Object other) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("value", value);
    row.put("other", other);
    RecordKey one = RecordKey.of(List.of("value"), row).orElseThrow();
    assertThat(RecordKey.hashesOf(one.text(), 1)).contains(one.hash());
    RecordKey both = RecordKey.of(List.of("value", "other"), row).orElseThrow();
    if (both.text().length() < 400) { // a longer one was shortened
      assertThat(RecordKey.hashesOf(both.text(), 2)).contains(both.hash());
    }
  }

  @Property(tries = 300)
  void valuesOfARowComeBackAsTheyWere(@ForAll("values") Object value, @ForAll String text) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("value", value);
    row.put("text", text);
    row.put("null", null);
    Map<String, @Nullable Object> back = TypedValues.read(TypedValues.write(row));
    assertThat(back).containsEntry("text", text).containsEntry("null", null);
    Object now = back.get("value");
    if (value instanceof BigDecimal decimal && now instanceof Number number) {
      assertThat(new BigDecimal(number.toString())).isEqualByComparingTo(decimal);
    } else {
      assertThat(now).isEqualTo(value);
    }
  }

  @Provide
  Arbitrary<Object> values() {
    return Arbitraries.oneOf(
        Arbitraries.longs().map(n -> (Object) n),
        Arbitraries.bigDecimals().map(n -> (Object) n),
        Arbitraries.of(true, false).map(b -> (Object) b),
        Arbitraries.create(UUID::randomUUID).map(u -> (Object) u),
        Arbitraries.longs().between(-30_000, 60_000).map(d -> (Object) LocalDate.ofEpochDay(d)),
        Arbitraries.longs()
            .between(0, 4_000_000_000L)
            .map(s -> (Object) LocalDateTime.of(2000, 1, 1, 0, 0).plusSeconds(s).plusNanos(s)));
  }

  private static String hash(Object... values) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      row.put("k" + i, values[i]);
    }
    return RecordKey.of(List.copyOf(row.keySet()), row).orElseThrow().hash();
  }
}
