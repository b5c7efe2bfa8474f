package dev.caravan;

/** Entry point of the command line; see {@code ./caravan --help}. */
public final class Caravan {
  private Caravan() {}

  public static void main(String[] args) {
    System.out.println("caravan");
  }
}
