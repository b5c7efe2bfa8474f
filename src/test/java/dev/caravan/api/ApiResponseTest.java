package dev.caravan.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApiResponseTest {
  private static Optional<Duration> asked(String... headers) {
    Map<String, String> all = new java.util.HashMap<>();
    all.put("date", "Fri, 20 Nov 2026 23:00:00 GMT");
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    return new ApiResponse(429, all, "").retryAfter();
  }

  @Test
  void readsRetryAfterInEveryForm() {
    assertThat(asked("retry-after", "7")).contains(Duration.ofSeconds(7));
    assertThat(asked("retry-after", " 0.5 ")).contains(Duration.ofMillis(500));
    assertThat(asked("retry-after", "Fri, 20 Nov 2026 23:01:30 GMT"))
        .contains(Duration.ofSeconds(90));
    assertThat(asked("retry-after-ms", "250", "retry-after", "9")).contains(Duration.ofMillis(250));
    assertThat(asked("retry-after-ms", "soon", "retry-after", "9")).contains(Duration.ofSeconds(9));
  }

  @Test
  void keepsRetryAfterBetweenNothingAndADay() {
    assertThat(asked("retry-after", "-3")).contains(Duration.ZERO);
    assertThat(asked("retry-after", "Thu, 19 Nov 2026 23:00:00 GMT")).contains(Duration.ZERO);
    assertThat(asked("retry-after", "1e300")).contains(Duration.ofDays(1));
    assertThat(asked("retry-after", "Infinity")).contains(Duration.ofDays(1));
    assertThat(asked("retry-after", "Fri, 20 Nov 2099 23:00:00 GMT")).contains(Duration.ofDays(1));
  }

  @Test
  void takesNoSenseForNoHeader() {
    assertThat(asked()).isEmpty();
    assertThat(asked("retry-after", "later")).isEmpty();
    assertThat(asked("retry-after", "NaN")).isEmpty();
  }
}
