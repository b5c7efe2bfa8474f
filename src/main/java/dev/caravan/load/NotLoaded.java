package dev.caravan.load;

import java.util.List;
import java.util.Set;

/** The load route changed no row, or too many, for some answers; by their place in the chunk. */
public final class NotLoaded extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Set<Integer> places;
  private final transient List<?> answers;

  NotLoaded(Set<Integer> places, List<?> answers, String message) {
    super(message);
    this.answers = List.copyOf(answers);
    this.places = Set.copyOf(places);
  }

  /** The answers themselves, where the load route may have split the chunk. */
  List<?> answers() {
    return answers;
  }

  Set<Integer> places() {
    return places;
  }
}
