package dev.caravan.architecture.sample.cli;

/** A command may print and ask for the time. */
public final class Status {
  public void print() {
    System.out.println(System.currentTimeMillis());
  }
}
