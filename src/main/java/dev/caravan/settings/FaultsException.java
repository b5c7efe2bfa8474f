package dev.caravan.settings;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown when settings, a job or a route can't be used; carries all faults at once. */
public final class FaultsException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient List<Fault> faults;

  public FaultsException(List<Fault> faults) {
    super(faults.stream().map(Fault::toString).collect(Collectors.joining("\n")));
    this.faults = List.copyOf(faults);
  }

  public List<Fault> faults() {
    return faults;
  }
}
