package dev.caravan.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;

/** The API's older paging: limit, after_id, before_id over a list that is newest first. */
final class Page {
  private static final int USUAL = 20;
  private static final int MOST = 1000;

  private Page() {}

  /**
   * One page of {@code all}.
   *
   * @param most entries at most, whatever {@code limit} says
   * @throws ApiError 400 for a limit outside 1…1000 or both cursors, 404 for an unknown cursor
   */
  static <T> ObjectNode of(
      List<T> all, Call call, int most, Function<T, String> id, Function<T, ObjectNode> json) {
    int limit = Math.min(most, limit(call));
    String after = call.query().get("after_id");
    String before = call.query().get("before_id");
    if (after != null && before != null) {
      throw ApiError.invalid("Only one of `after_id` and `before_id` may be given.");
    }
    int from = after == null ? 0 : indexOf(after, all, id) + 1;
    int to = Math.min(all.size(), from + limit);
    boolean more = to < all.size();
    if (before != null) {
      to = indexOf(before, all, id);
      from = Math.max(0, to - limit);
      more = from > 0;
    }
    List<T> entries = all.subList(from, to);
    ObjectNode page = Json.object();
    ArrayNode data = page.putArray("data");
    entries.forEach(entry -> data.add(json.apply(entry)));
    return page.put("has_more", more)
        .put("first_id", entries.isEmpty() ? null : id.apply(entries.get(0)))
        .put("last_id", entries.isEmpty() ? null : id.apply(entries.get(entries.size() - 1)));
  }

  private static int limit(Call call) {
    int limit = call.number("limit", USUAL);
    if (limit < 1) {
      throw ApiError.invalid("limit: Input should be greater than or equal to 1");
    }
    if (limit > MOST) {
      throw ApiError.invalid("limit: Input should be less than or equal to 1000");
    }
    return limit;
  }

  private static <T> int indexOf(String cursor, List<T> all, Function<T, String> id) {
    for (int i = 0; i < all.size(); i++) {
      if (id.apply(all.get(i)).equals(cursor)) {
        return i;
      }
    }
    throw ApiError.notFound(cursor + " not found.");
  }
}
