package dev.caravan.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The routes join the stages; in Java no stage knows another. */
class PackagesTest {
  private static final List<String> STAGES =
      List.of("extract", "submit", "poll", "collect", "load", "report");
  private static final List<String> SHARED = List.of("batch", "settings", "ledger", "source");

  private static ArchRule knowsNoOtherStage(String root, String one) {
    var others = STAGES.stream().filter(stage -> !stage.equals(one));
    return noClasses()
        .that()
        .resideInAPackage("%s.%s..".formatted(root, one))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            others.map(stage -> "%s.%s..".formatted(root, stage)).toArray(String[]::new))
        .because("stages depend on " + SHARED + " only; the routes join them")
        .allowEmptyShould(true);
  }

  private static ArchRule isUsedOnlyByTheMainClass(String root) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(root, root + ".cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(root + ".cli..")
        .because("commands use the rest, never the other way round")
        .allowEmptyShould(true);
  }

  @Test
  void noStageKnowsAnother() {
    STAGES.forEach(stage -> knowsNoOtherStage(Code.ROOT, stage).check(Code.main()));
  }

  @Test
  void whatIsSharedKnowsNoStage() {
    SHARED.forEach(shared -> knowsNoOtherStage(Code.ROOT, shared).check(Code.main()));
  }

  @Test
  void theSimulatorKnowsNoStage() {
    knowsNoOtherStage(Code.ROOT, "simulator").check(Code.main());
  }

  @Test
  void onlyTheMainClassKnowsTheCommandLine() {
    isUsedOnlyByTheMainClass(Code.ROOT).check(Code.main());
  }

  @Test
  void bitesEachBadSample() {
    assertThat(Code.faults(knowsNoOtherStage(Code.SAMPLE, "poll")))
        .isNotEmpty()
        .allMatch(fault -> fault.contains("poll.Poller") && fault.contains("submit.Submitter"));
    assertThat(Code.faults(knowsNoOtherStage(Code.SAMPLE, "settings"))).isNotEmpty();
    assertThat(Code.faults(knowsNoOtherStage(Code.SAMPLE, "simulator"))).isNotEmpty();
    assertThat(Code.faults(isUsedOnlyByTheMainClass(Code.SAMPLE)))
        .isNotEmpty()
        .allMatch(fault -> fault.contains("Submitter") && fault.contains("cli.Status"));
    assertThat(Code.faults(knowsNoOtherStage(Code.SAMPLE, "submit"))).isEmpty();
  }
}
