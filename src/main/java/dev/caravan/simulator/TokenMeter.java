package dev.caravan.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts tokens (a token per four characters, 1,600 per image or document) and plays the prompt
 * cache: the first request with a marked prefix writes it, later ones within its life read it.
 */
final class TokenMeter {
  private static final int MEDIA = 1600;
  private static final int FRAME = 8;
  private static final int MOST_PREFIXES = 10_000;

  private final Clock clock;
  private final Map<String, Instant> cached =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > MOST_PREFIXES;
        }
      };

  TokenMeter(Clock clock) {
    this.clock = clock;
  }

  static long ofText(String text) {
    return (text.length() + 3L) / 4;
  }

  /** Input tokens of the Messages parameters, cached or not. */
  static long input(JsonNode params) {
    return FRAME + blocks(params).stream().mapToLong(TokenMeter::tokens).sum();
  }

  /** Usage without output; writes and reads the cache of {@code workspace}. */
  synchronized Usage charge(String workspace, JsonNode params, Models.Model model) {
    long total = input(params);
    List<Mark> marks =
        params.findValue("cache_control") == null ? List.of() : marks(workspace, params, model);
    if (marks.isEmpty()) {
      return new Usage(total, 0, 0, 0, 0, 0);
    }
    Instant now = clock.instant();
    long read = 0;
    for (Mark mark : marks) {
      Instant until = cached.get(mark.key);
      read = until != null && until.isAfter(now) ? mark.tokens : read;
    }
    long from = read;
    long[] written = new long[2];
    for (Mark mark : marks) {
      if (mark.tokens > from) {
        written[mark.hour ? 1 : 0] += mark.tokens - from;
        from = mark.tokens;
      }
      cached.put(mark.key, now.plus(mark.hour ? Duration.ofHours(1) : Duration.ofMinutes(5)));
    }
    return new Usage(total - from, written[0], written[1], read, 0, 0);
  }

  private static List<Mark> marks(String workspace, JsonNode params, Models.Model model) {
    List<Mark> marks = new ArrayList<>();
    MessageDigest prefix = sha256();
    // another model, schema, effort or thinking never shares a prefix
    update(prefix, workspace + model.id() + params.path("output_config") + params.path("thinking"));
    long tokens = 0;
    List<JsonNode> blocks = blocks(params);
    for (int i = 0; i < blocks.size(); i++) {
      JsonNode block = blocks.get(i);
      update(prefix, block.toString());
      tokens += tokens(block);
      JsonNode control =
          i == blocks.size() - 1 && params.has("cache_control")
              ? params.get("cache_control")
              : block.path("cache_control");
      if (control.isObject() && tokens >= model.cacheable()) {
        marks.add(new Mark(digest(prefix), tokens, control.path("ttl").asText().equals("1h")));
      }
    }
    return marks;
  }

  // the order in which a prefix grows: tools, system, messages
  private static List<JsonNode> blocks(JsonNode params) {
    List<JsonNode> blocks = new ArrayList<>();
    params.path("tools").forEach(blocks::add);
    addContent(params.path("system"), blocks);
    params.path("messages").forEach(message -> addContent(message.path("content"), blocks));
    return blocks;
  }

  private static void addContent(JsonNode content, List<JsonNode> blocks) {
    if (content.isTextual()) {
      blocks.add(content);
    } else {
      content.forEach(blocks::add);
    }
  }

  private static long tokens(JsonNode block) {
    String type = block.path("type").asText();
    if (type.equals("image") || type.equals("document")) {
      return MEDIA;
    }
    return ofText(block.isTextual() ? block.asText() : block.path("text").asText(block.toString()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void update(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String digest(MessageDigest running) {
    try {
      return Base64.getEncoder().encodeToString(((MessageDigest) running.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Mark(String key, long tokens, boolean hour) {}
}
