package dev.caravan.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The models there are or were, newest first; to ask one that is not among them or is retired is a
 * not_found_error.
 */
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
   * @param retires first day (UTC) on which requests fail, if that is known
   * @param thinks whether and how it thinks
   * @param price what it costs; null where nobody knows
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
      boolean prefill,
      @Nullable String retires,
      Thinks thinks,
      @Nullable Price price) {

    /** Whether requests fail at this time. */
    boolean isRetired(Instant now) {
      return retires != null
          && !LocalDate.ofInstant(now, ZoneOffset.UTC).isBefore(LocalDate.parse(retires));
    }

    private String lifecycle(Instant now) {
      return isRetired(now) ? "retired" : retires == null ? "active" : "deprecated";
    }

    /** The ModelInfo of the Models endpoint, with the fields of today's clients too. */
    ObjectNode info(Instant now) {
      ObjectNode info =
          Json.object()
              .put("type", "model")
              .put("id", id)
              .put("display_name", name)
              .put("created_at", created + "T00:00:00Z")
              .put("max_input_tokens", context)
              .put("max_tokens", output)
              .put("line", id.split("-", 3)[1])
              .put("lifecycle", lifecycle(now))
              .putNull("deprecated_at")
              .put("retires_at", retires == null ? null : retires + "T00:00:00Z");
      return info.set("capabilities", capabilities());
    }

    private ObjectNode capabilities() {
      ObjectNode all = Json.object();
      for (String always :
          List.of(
              "batch",
              "citations",
              "code_execution",
              "image_input",
              "pdf_input",
              "structured_outputs")) {
        all.putObject(always).put("supported", true);
      }
      ObjectNode serverTools = all.putObject("server_tools").put("supported", true);
      serverTools.putObject("code_execution").put("supported", true);
      serverTools.putObject("web_search").put("supported", true);
      ObjectNode context = all.putObject("context_management").put("supported", false);
      context.putNull("clear_thinking_20251015").putNull("clear_tool_uses_20250919");
      context.putNull("compact_20260112");
      ObjectNode effort = all.putObject("effort").put("supported", !thinks.efforts().isEmpty());
      for (String level : Thinks.LEVELS) {
        effort.putObject(level).put("supported", thinks.efforts().contains(level));
      }
      ObjectNode thinking = all.putObject("thinking").put("supported", true);
      ObjectNode types = thinking.putObject("types");
      types.putObject("adaptive").put("supported", !prefill);
      types.putObject("enabled").put("supported", !samplingGone);
      types.putObject("disabled").put("supported", thinks.takes("disabled"));
      types.putObject("between_tools").put("supported", thinks.takes("between_tools"));
      return all;
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

  /** One that can be asked at this time. */
  Optional<Model> alive(String id, Instant now) {
    return find(id).filter(model -> !model.isRetired(now));
  }

  Optional<Model> find(String id) {
    return models.stream()
        .filter(model -> model.id().equals(id) || id.equals(model.alias()))
        .findFirst();
  }
}
