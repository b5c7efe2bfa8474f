package dev.caravan.api;

import dev.caravan.ledger.TakenOver;
import dev.caravan.spool.SpoolFailed;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerOnErrorEvent;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerOnStateTransitionEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Circuit Breaker of the calls that only read: after five failures in a row none is made for
 * half a minute, then a single one tries. The create POST never goes through it.
 */
public final class ReadBreaker {
  private static final Logger LOG = LoggerFactory.getLogger(ReadBreaker.class);
  private static final int FAILURES = 5;
  private static final Duration PAUSE = Duration.ofSeconds(30);

  /**
   * Where the breaker stands.
   *
   * @param word {@code closed}, {@code open} or {@code half_open}
   * @param detail what the last failed call met; empty while closed
   */
  public record State(String word, Instant since, String detail) {}

  private final CircuitBreaker breaker;
  private final Clock clock;
  private volatile State state;
  private volatile String lastFailure = "";

  public ReadBreaker(Clock clock) {
    this.clock = clock;
    this.state = new State("closed", clock.instant(), "");
    this.breaker =
        CircuitBreaker.of(
            "anthropic",
            CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(FAILURES)
                .minimumNumberOfCalls(FAILURES)
                .failureRateThreshold(100)
                .waitDurationInOpenState(PAUSE)
                .permittedNumberOfCallsInHalfOpenState(1)
                .ignoreExceptions(SpoolFailed.class, TakenOver.class)
                .clock(clock)
                .currentTimestampFunction(Clock::millis, TimeUnit.MILLISECONDS)
                .build());
    breaker.getEventPublisher().onError(this::failed).onStateTransition(this::changed);
  }

  /** What the routes name as their circuitBreaker. */
  public CircuitBreaker circuitBreaker() {
    return breaker;
  }

  public State state() {
    return state;
  }

  private void failed(CircuitBreakerOnErrorEvent event) {
    lastFailure = BatchesApi.reason(event.getThrowable());
  }

  private void changed(CircuitBreakerOnStateTransitionEvent event) {
    switch (event.getStateTransition().getToState()) {
      case OPEN -> {
        state = new State("open", clock.instant(), lastFailure);
        LOG.warn(
            "The API failed {} calls in a row ({}). It is asked again in {} s; what waits, waits",
            FAILURES,
            lastFailure,
            PAUSE.toSeconds());
      }
      case HALF_OPEN -> state = new State("half_open", state.since(), state.detail());
      default -> {
        state = new State("closed", clock.instant(), "");
        LOG.info("The API answers again");
      }
    }
  }
}
