package dev.caravan.settings;

/** Thrown when a prompt can't be rendered for one record; the message is one line for people. */
public final class PromptFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PromptFault(Fault fault) {
    super(fault.toString().replaceAll("\\s*\\R\\s*", ". "));
  }
}
