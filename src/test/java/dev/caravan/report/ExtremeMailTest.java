package dev.caravan.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class ExtremeMailTest {

  @EachDatabase(DatabaseVendor.H2)
  void staysReadableWithLongTextsAndManyOfEverything(TestDatabase database) throws IOException {
    Night night = new Night(database);
    night.run(1, "ended", 1_240_000);
    night.sql("update caravan_run set skipped_done = 1200000");
    for (int b = 0; b < 70; b++) {
      night.batch(
          "b" + (1_000_000 + b), 1, "msgbatch_01HkcTjaV5uDC8jWR4ZsD" + b, "collected", 100_000);
    }
    for (int n = 0; n < 90; n++) {
      String key = n % 3 == 0 ? "K".repeat(200) + n : "INV-" + n;
      night.request("b1000000", n, 1, key, 1, "rejected", "cause_" + n % 30, "word ".repeat(100));
      night.usage("b1000000", n, 1_900_000_000, 2_000_000, "12345.678");
    }
    night.job =
        Night.job(
            "invoices",
            "select concat('INV-', x, ' | Admin | 285000.00 | Hotel conference offsite room') as line,"
                + " 'APPROVAL REQUIRED' as flag from system_range(1, 200)",
            List.of());

    String html = night.texts.html(night.report(1));
    String text = night.texts.text(night.report(1));
    Files.createDirectories(Path.of("target/mail"));
    Files.writeString(Path.of("target/mail/extreme.html"), html);
    Files.writeString(Path.of("target/mail/extreme.txt"), text);

    for (String twin : List.of(html, text)) {
      assertThat(twin)
          .contains("200 APPROVAL REQUIRED", "… and 100 more.", "… and 15 more causes.");
      assertThat(twin).contains("1,240,000", "USD 1,111,111.02", "… and 50 more.");
    }
    assertThat(html).as("mail programs cut mails of 100 kB").hasSizeLessThan(100_000);
  }
}
