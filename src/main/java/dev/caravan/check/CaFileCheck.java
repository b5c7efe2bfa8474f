package dev.caravan.check;

import dev.caravan.settings.Fault;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Whether the certificates of {@code http.ca-file} are of any use today. */
final class CaFileCheck {
  private CaFileCheck() {}

  static List<Fault> faults(List<X509Certificate> trusted, Clock clock) {
    Instant now = clock.instant();
    boolean expired =
        !trusted.isEmpty()
            && trusted.stream()
                .allMatch(certificate -> certificate.getNotAfter().toInstant().isBefore(now));
    return expired
        ? List.of(
            Fault.in(
                    "http.ca-file",
                    "http.ca-file has only certificates that have expired, one of them on "
                        + trusted.get(0).getNotAfter().toInstant(),
                    "Ask whoever issued them for new ones.")
                .asWarning())
        : List.of();
  }
}
