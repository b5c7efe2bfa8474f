package dev.caravan.batch;

/**
 * How often in a row the API has not accepted the records of a batch, under this nonce and those
 * before it, and how many of the last refusals named one request with a like fault.
 */
public record Unaccepted(int posts, int alike) {
  public static final Unaccepted NONE = new Unaccepted(0, 0);

  /** One more, whatever it was. */
  public Unaccepted again() {
    return new Unaccepted(posts + 1, alike);
  }

  public Unaccepted alike(int count) {
    return new Unaccepted(posts, count);
  }

  /** What holds for records of both. */
  public Unaccepted and(Unaccepted other) {
    return new Unaccepted(Math.max(posts, other.posts), Math.max(alike, other.alike));
  }
}
