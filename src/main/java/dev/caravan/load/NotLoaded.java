package dev.caravan.load;

import java.util.Set;

/** The load route changed no row, or too many, for some answers; by their place in the chunk. */
public final class NotLoaded extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Set<Integer> places;

  public NotLoaded(Set<Integer> places, String message) {
    super(message);
    this.places = Set.copyOf(places);
  }

  public Set<Integer> places() {
    return places;
  }
}
