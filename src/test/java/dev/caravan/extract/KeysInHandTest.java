package dev.caravan.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class KeysInHandTest {
  private final KeysInHand keys = new KeysInHand();

  @Test
  void areForgottenWhenTheLedgerKnowsThem() {
    keys.met(Set.of("a", "b"));
    assertThat(keys.all()).containsExactlyInAnyOrder("a", "b");
    keys.told(Set.of("a", "b"));
    assertThat(keys.all()).isEmpty();
  }

  @Test
  void areKeptForALookUpThatBeganBeforeTheLedgerWasTold() {
    keys.met(Set.of("a"));
    long missesIt = keys.begin();
    keys.told(Set.of("a"));
    long seesIt = keys.begin();
    assertThat(keys.all()).containsExactly("a");
    keys.end(missesIt);
    assertThat(keys.all()).isEmpty();
    keys.end(seesIt);
    assertThat(keys.all()).isEmpty();
  }

  @Test
  void thatOtherChunksHaveMetSinceStay() {
    long first = keys.begin();
    keys.met(Set.of("a"));
    keys.told(Set.of("a"));
    keys.met(Set.of("b"));
    keys.end(first);
    assertThat(keys.all()).containsExactly("b");
  }
}
