package dev.caravan.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

/** Messages, count_tokens and Models. */
final class MessageEndpoints {
  private final Models models;
  private final ParamsCheck check;
  private final MessageMaker maker;
  private final FaultPlan faults;
  private final Bookkeeper books;
  private final Clock clock;

  MessageEndpoints(
      Models models,
      ParamsCheck check,
      MessageMaker maker,
      FaultPlan faults,
      Bookkeeper books,
      Clock clock) {
    this.models = models;
    this.check = check;
    this.maker = maker;
    this.faults = faults;
    this.books = books;
    this.clock = clock;
  }

  Reply message(Call call, Access access) throws IOException {
    JsonNode params = call.json();
    Optional<ApiError> error = check.fault(params, access, false);
    if (error.isPresent()) {
      throw error.get();
    }
    Fault.OfLine fault = faults.ofLine("");
    if (fault instanceof Fault.Errored errored) {
      throw errored.error();
    }
    Models.Model model = check.model(params);
    MessageMaker.Made made =
        maker.make(new Asked("", params), model, access.workspace(), "standard", fault);
    books.answered(made.model(), made.billed());
    return Reply.json(made.message());
  }

  Reply countTokens(Call call) throws IOException {
    JsonNode params = call.json();
    if (!params.path("messages").isArray()) {
      throw ApiError.invalid("messages: Field required");
    }
    check.model(params);
    return Reply.json(Json.object().put("input_tokens", TokenMeter.input(params)));
  }

  Reply models(Call call) {
    return Reply.json(
        Page.of(
            models.models(),
            call,
            Integer.MAX_VALUE,
            Models.Model::id,
            model -> model.info(clock.instant())));
  }

  Reply model(String id) {
    return Reply.json(
        models.find(id).orElseThrow(() -> ApiError.notFound("model: " + id)).info(clock.instant()));
  }
}
