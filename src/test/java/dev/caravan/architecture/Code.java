package dev.caravan.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** The compiled code the gates look at, and bad samples to prove them with. */
final class Code {
  static final String ROOT = "dev.caravan";
  static final String SAMPLE = "dev.caravan.architecture.sample";

  private Code() {}

  static JavaClasses main() {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages(ROOT);
  }

  /** What the rule says about the bad samples. */
  static List<String> faults(ArchRule rule) {
    var samples = new ClassFileImporter().importPackages(SAMPLE);
    return rule.evaluate(samples).getFailureReport().getDetails();
  }
}
