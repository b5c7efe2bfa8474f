package dev.caravan.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import dev.caravan.batch.Outcome;
import dev.caravan.batch.Request;
import dev.caravan.batch.RequestCounts;
import dev.caravan.batch.Result;
import dev.caravan.batch.Unaccepted;
import dev.caravan.ledger.Ledger;
import dev.caravan.ledger.Schemas;
import dev.caravan.ledger.Vendor;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.h2.jdbcx.JdbcDataSource;

class JudgeTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String SCHEMA =
      """
      {"type":"object","additionalProperties":false,"required":["a"],
       "properties":{"a":{"type":"string","enum":["X","Y"]},"b":{"type":"number"}}}\
      """;

  private final Judge judge = new Judge(new Answers(schemas()), 3);

  private static Schemas schemas() {
    JdbcDataSource memory = new JdbcDataSource();
    memory.setUrl("jdbc:h2:mem:judge;DB_CLOSE_DELAY=-1");
    Ledger ledger = new Ledger(memory, Vendor.H2, null);
    ledger
        .sql("create table if not exists caravan_schema (hash varchar(64) primary key, text clob)")
        .update();
    Schemas schemas = new Schemas(ledger);
    schemas.keep("hash", SCHEMA);
    return schemas;
  }

  @Property(tries = 1000)
  void noResultThrowsAndEachHasAnOutcomeInTime(@ForAll("json") JsonNode result) {
    assertThatCode(
            () -> {
              Outcome outcome = judge.judge(batch(), request(3), Result.of(result), 4000);
              assertThat(outcome).isNotInstanceOf(Outcome.Retry.class);
            })
        .doesNotThrowAnyException();
  }

  @Property(tries = 1000)
  void noTextOfAnAnswerThrows(@ForAll("texts") String text) {
    ObjectNode message = JSON.objectNode().put("stop_reason", "end_turn");
    message.putArray("content").addObject().put("type", "text").put("text", text);
    Outcome outcome = judge.judge(batch(), request(1), new Result.Succeeded(message), 4000);
    if (outcome instanceof Outcome.Completed completed) {
      assertThat(completed.answer().path("a").asText()).isIn("X", "Y");
    } else {
      assertThat(outcome).isInstanceOf(Outcome.Retry.class);
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings(),
        json().map(JsonNode::toString),
        Arbitraries.of(
            "{\"a\":\"x\"}",
            "{\"a\":\"X\",\"b\":1e400}",
            "{\"a\":\"X\"} and so on",
            "Here: {\"a\":\"X\"}",
            "{\"a\":\"X\",\"a\":\"Y\"}",
            "[".repeat(3000),
            "{\"a\":{\"$ref\":\"#\"}}"));
  }

  @Provide
  Arbitrary<JsonNode> json() {
    Arbitrary<JsonNode> leaf =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(10).map(JSON::textNode),
            Arbitraries.of(words()).map(JSON::textNode),
            Arbitraries.integers().map(JSON::numberNode),
            Arbitraries.of(true, false).map(JSON::booleanNode),
            Arbitraries.create(JSON::nullNode).map(node -> (JsonNode) node));
    return Arbitraries.recursive(() -> leaf, JudgeTest::nested, 0, 4);
  }

  private static Arbitrary<JsonNode> nested(Arbitrary<JsonNode> inner) {
    return Arbitraries.oneOf(
        inner.list().ofMaxSize(3).map(list -> (JsonNode) JSON.arrayNode().addAll(list)),
        Arbitraries.maps(Arbitraries.of(words()), inner)
            .ofMaxSize(5)
            .map(map -> (JsonNode) JSON.objectNode().setAll(map)));
  }

  private static List<String> words() {
    return List.of(
        "type",
        "message",
        "error",
        "content",
        "text",
        "stop_reason",
        "stop_details",
        "a",
        "b",
        "details",
        "error_code",
        "succeeded",
        "errored",
        "canceled",
        "expired",
        "end_turn",
        "max_tokens",
        "refusal",
        "api_error",
        "billing_error",
        "invalid_request_error",
        "X");
  }

  private static Request request(int attempt) {
    return new Request(
        "abcd2345",
        0,
        1,
        "job",
        "k",
        "h",
        "r",
        "{}",
        attempt,
        attempt,
        "id",
        null,
        null,
        null,
        false,
        "m",
        4000,
        "hash",
        null,
        0L,
        1,
        null,
        0,
        null,
        null,
        null,
        null);
  }

  private static Batch batch() {
    return new Batch(
        "abcd2345",
        1,
        "job",
        "id",
        BatchState.ENDED,
        null,
        null,
        1,
        1,
        "s",
        null,
        null,
        null,
        0,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        0,
        0,
        null,
        null,
        new RequestCounts(0, 0, 0, 0, 0),
        Unaccepted.NONE,
        null);
  }
}
