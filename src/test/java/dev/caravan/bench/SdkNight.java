package dev.caravan.bench;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.CacheControlEphemeral;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.batches.BatchCreateParams;
import com.anthropic.models.messages.batches.MessageBatch;
import com.anthropic.models.messages.batches.MessageBatchIndividualResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What one would write with the official Java client and JDBC: rows in memory, one batch, results
 * as a stream, written back a thousand at a time. No ledger, no validation, no way on after a
 * crash.
 */
public final class SdkNight {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CHUNK = 1000;

  private final AnthropicClient client =
      AnthropicOkHttpClient.builder()
          .apiKey("k")
          .baseUrl(System.getenv("ANTHROPIC_BASE_URL"))
          .build();
  private final List<TextBlockParam> system =
      List.of(
          TextBlockParam.builder()
              .text(System.getenv("SYSTEM"))
              .cacheControl(
                  CacheControlEphemeral.builder().ttl(CacheControlEphemeral.Ttl.TTL_1H).build())
              .build());
  private final Connection database;

  private SdkNight(Connection database) {
    this.database = database;
  }

  public static void main(String... args) throws Exception {
    try (Connection database =
        DriverManager.getConnection(
            System.getenv("CARAVAN_DB_URL") + "?reWriteBatchedInserts=true",
            System.getenv("CARAVAN_DB_USER"),
            System.getenv("CARAVAN_DB_PASSWORD"))) {
      database.setAutoCommit(false);
      SdkNight night = new SdkNight(database);
      night.collect(night.submit());
    }
    System.exit(0); // the client's threads would wait for a minute
  }

  private String submit() throws SQLException {
    List<BatchCreateParams.Request> requests = new ArrayList<>();
    try (Statement select = database.createStatement()) {
      select.setFetchSize(CHUNK);
      ResultSet row =
          select.executeQuery(
              "select id, vendor, description, amount from invoices"
                  + " where processed_at is null order by id");
      while (row.next()) {
        requests.add(request(row));
      }
    }
    return client
        .messages()
        .batches()
        .create(BatchCreateParams.builder().requests(requests).build())
        .id();
  }

  private BatchCreateParams.Request request(ResultSet row) throws SQLException {
    return BatchCreateParams.Request.builder()
        .customId("invoice-" + row.getLong("id"))
        .params(
            BatchCreateParams.Request.Params.builder()
                .model("claude-haiku-5-5")
                .maxTokens(256)
                .systemOfTextBlockParams(system)
                .addUserMessage(
                    "Vendor: %s\nAmount: %s\nDescription: %s"
                        .formatted(
                            row.getString("vendor"),
                            row.getString("amount"),
                            row.getString("description")))
                .build())
        .build();
  }

  private void collect(String batch) throws Exception {
    while (!client
        .messages()
        .batches()
        .retrieve(batch)
        .processingStatus()
        .equals(MessageBatch.ProcessingStatus.ENDED)) {
      Thread.sleep(200);
    }
    try (PreparedStatement update =
            database.prepareStatement(
                "update invoices set department = ?, extracted_amount = ?, summary = ?,"
                    + " approval_required = ?, processed_at = now() where id = ?");
        var results = client.messages().batches().resultsStreaming(batch)) {
      int count = 0;
      for (var all = results.stream().iterator(); all.hasNext(); ) {
        add(update, all.next());
        if (++count % CHUNK == 0) {
          write(update);
        }
      }
      write(update);
    }
  }

  private static void add(PreparedStatement update, MessageBatchIndividualResponse result)
      throws Exception {
    var message = result.result().succeeded().orElseThrow().message();
    JsonNode answer = JSON.readTree(message.content().get(0).asText().text());
    update.setString(1, answer.get("department").asText());
    update.setBigDecimal(2, answer.get("amount").decimalValue());
    update.setString(3, answer.get("summary").asText());
    update.setBoolean(4, answer.get("approval_required").asBoolean());
    update.setLong(5, Long.parseLong(result.customId().substring("invoice-".length())));
    update.addBatch();
  }

  private void write(PreparedStatement update) throws SQLException {
    update.executeBatch();
    database.commit();
  }
}
