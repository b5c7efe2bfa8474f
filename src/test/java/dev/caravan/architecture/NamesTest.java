package dev.caravan.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.never;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Names say what a class is for, time comes from a Clock, state and printing have their place. */
class NamesTest {
  private static final Set<String> CLOCK_BIRTHS =
      Set.of("systemUTC", "systemDefaultZone", "system", "tick", "tickSeconds", "tickMinutes");

  private static ArchRule names() {
    return noClasses()
        .should()
        .haveNameMatching(".*(Processor|Helper|Utils?|Manager)")
        .because("such a name says nothing; name a class by its result")
        .allowEmptyShould(true);
  }

  private static ArchRule batchKnowsNoCamel(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + ".batch..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.camel..")
        .because("the domain records are read and tested without Camel")
        .allowEmptyShould(true);
  }

  private static ArchRule timeComesFromAClock(String root) {
    return classes()
        .that()
        .resideOutsideOfPackages(root + ".simulator..", root + ".cli..")
        .and()
        .doNotHaveFullyQualifiedName(root + ".Wiring")
        .should(never(accessTargetWhere(describe("the time is asked for", NamesTest::asksForTime))))
        .because("24 hours must take a second in tests; take a java.time.Clock")
        .allowEmptyShould(true);
  }

  private static boolean asksForTime(JavaAccess<?> call) {
    var owner = call.getTargetOwner();
    var name = call.getTarget().getName();
    if (owner.isEquivalentTo(System.class)) {
      return name.equals("currentTimeMillis");
    }
    if (owner.isEquivalentTo(Clock.class)) {
      return CLOCK_BIRTHS.contains(name);
    }
    if (owner.isEquivalentTo(Date.class)) {
      return name.equals("<init>") && !parametersOf(call).iterator().hasNext();
    }
    return owner.getPackageName().startsWith("java.time")
        && name.equals("now")
        && parametersOf(call).stream().noneMatch(type -> type.isEquivalentTo(Clock.class));
  }

  private static Collection<JavaClass> parametersOf(JavaAccess<?> call) {
    return call.getTarget()
            instanceof com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget t
        ? new ArrayList<>(t.getRawParameterTypes())
        : new ArrayList<>();
  }

  private static ArchRule noStaticState() {
    return fields()
        .that()
        .areStatic()
        .should(
            new ArchCondition<JavaField>("be constants") {
              @Override
              public void check(JavaField field, ConditionEvents events) {
                boolean constant =
                    field.getModifiers().contains(JavaModifier.FINAL) && !mutable(field);
                events.add(
                    new SimpleConditionEvent(
                        field, constant, field.getFullName() + " is static state"));
              }
            })
        .because("two runs, two tests, two nodes in one JVM must not meet")
        .allowEmptyShould(true);
  }

  private static boolean mutable(JavaField field) {
    var type = field.getRawType();
    return type.getPackageName().equals("java.util.concurrent.atomic")
        || (!type.isInterface()
            && (type.isAssignableTo(Map.class) || type.isAssignableTo(Collection.class)));
  }

  private static ArchRule printingIsForTheCommandLine(String root) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(root + ".cli..")
        .and()
        .doNotHaveFullyQualifiedName(root + ".Caravan")
        .should()
        .accessFieldWhere(
            DescribedPredicate.<JavaAccess<?>>describe(
                    "it is System.out or System.err",
                    access -> access.getTargetOwner().isEquivalentTo(System.class))
                .forSubtype())
        .because("a service writes a log; stdout belongs to the answer of a command")
        .allowEmptyShould(true);
  }

  @Test
  void classNamesSayWhatTheyAreFor() {
    names().check(Code.main());
  }

  @Test
  void theDomainKnowsNoCamel() {
    batchKnowsNoCamel(Code.ROOT).check(Code.main());
  }

  @Test
  void nobodyAsksForTheTimeWithoutAClock() {
    timeComesFromAClock(Code.ROOT).check(Code.main());
  }

  @Test
  void thereIsNoStaticState() {
    noStaticState().check(Code.main());
  }

  @Test
  void onlyTheCommandLinePrints() {
    printingIsForTheCommandLine(Code.ROOT).check(Code.main());
  }

  @Test
  void bitesEachBadSample() {
    assertThat(Code.faults(names())).hasSize(1).first().asString().contains("RowHelper");
    assertThat(Code.faults(batchKnowsNoCamel(Code.SAMPLE)))
        .isNotEmpty()
        .allMatch(fault -> fault.contains("RowHelper") && fault.contains("org.apache.camel"));
    assertThat(Code.faults(timeComesFromAClock(Code.SAMPLE)))
        .hasSize(6)
        .allMatch(fault -> fault.contains("Poller"));
    assertThat(Code.faults(noStaticState()))
        .hasSize(3)
        .anyMatch(fault -> fault.contains("looks"))
        .anyMatch(fault -> fault.contains("SEEN"))
        .anyMatch(fault -> fault.contains("COUNT"));
    assertThat(Code.faults(printingIsForTheCommandLine(Code.SAMPLE)))
        .hasSize(2)
        .allMatch(fault -> fault.contains("Poller"));
  }
}
