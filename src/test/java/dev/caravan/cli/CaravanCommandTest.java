package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CaravanCommandTest {
  @Test
  void takesTheOptionsOfEveryCommandBeforeItToo() {
    assertThat(CaravanCommand.execute("--home", ".", "--json", "version")).isZero();
    assertThat(CaravanCommand.execute("version", "--home=.")).isZero();
  }

  @Test
  void refusesWhatIsNoCommand() {
    assertThat(CaravanCommand.execute("--home", ".", "nothing")).isEqualTo(1);
    assertThat(CaravanCommand.execute()).isEqualTo(1);
  }
}
