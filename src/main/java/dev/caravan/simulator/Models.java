package dev.caravan.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The models on offer, newest first; what is not among them (or retired) is a not_found_error. */
record Models(List<Model> models) {

  /**
   * What the simulator knows of one model.
   *
   * @param alias a second name that stands for this snapshot
   * @param created day of release, ISO
   * @param context tokens of the context window
   * @param output most tokens of an answer
   * @param cacheable fewest tokens of a cacheable prefix
   * @param longOutput whether the 300k beta applies
   * @param noForcedTool whether tool_choice any and tool are refused
   * @param samplingGone whether temperature and its like, and manual thinking, are refused
   * @param prefill whether the conversation may end with the assistant
   */
  record Model(
      String id,
      @Nullable String alias,
      String name,
      String created,
      int context,
      int output,
      int cacheable,
      boolean longOutput,
      boolean noForcedTool,
      boolean samplingGone,
      boolean prefill) {

    /** The ModelInfo of the Models endpoint. */
    ObjectNode info() {
      ObjectNode info =
          Json.object()
              .put("type", "model")
              .put("id", id)
              .put("display_name", name)
              .put("created_at", created + "T00:00:00Z")
              .put("max_input_tokens", context)
              .put("max_tokens", output);
      return info;
    }
  }

  /** The list of the package's own {@code models.json}. */
  static Models known() {
    try (InputStream json = Models.class.getResourceAsStream("/simulator/models.json")) {
      return Json.MAPPER.readValue(Objects.requireNonNull(json), Models.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Optional<Model> find(String id) {
    return models.stream()
        .filter(model -> model.id().equals(id) || id.equals(model.alias()))
        .findFirst();
  }
}
