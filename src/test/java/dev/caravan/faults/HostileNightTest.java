package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Hostile rows and hostile answers through a whole night: each ends completed, or rejected by name.
 */
@Tag("faults")
class HostileNightTest {
  private static final int ROWS = 150;
  private static final List<String> PIECES =
      List.of(
          "a", "A", " ", "\t", "\n", "'", "\"", "\\", "%", "_", ";", "--", "/*", "${x}", "</#if>",
          "<b>", "\u0001", "\u007f", "\u0085", "\u2028", "\u202e", "\ufeff", "é", "e\u0301", "日本",
          "😀", "\uffff", "{\"a\":", "]}", ":name", "?", "#{1}", "\r\n", "NULL", "0", "-");

  @TempDir Path home;

  private static String text(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i >= 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.length() <= most ? text.toString() : text.substring(0, most);
  }

  private static void insert(TestDatabase database, Random random) {
    JdbcTemplate jdbc = new JdbcTemplate(database.dataSource());
    Set<String> keys = new HashSet<>();
    List<Object[]> rows = new ArrayList<>();
    while (rows.size() < ROWS) {
      String key = text(random, 50) + rows.size();
      if (keys.add(key)) {
        rows.add(
            new Object[] {
              key,
              random.nextInt(5) == 0 ? null : text(random, 100),
              random.nextInt(5) == 0 ? null : text(random, 1000).repeat(1 + random.nextInt(200)),
              random.nextInt(5) == 0 ? null : random.nextInt(3) * 4_999_999_999.99
            });
      }
    }
    jdbc.batchUpdate(
        "insert into invoices(invoice_no, vendor, description, amount) values (?, ?, ?, ?)", rows);
  }

  /** Answers of the right form with values that the table may refuse. */
  private static void answers(InvoiceNight night, Random random) {
    List<String> amounts =
        List.of(
            "1e400",
            "-1e-400",
            "99999999999999",
            "0.005",
            "1E+2",
            "-0",
            "123456789012345678901234567890");
    for (int i = 0; i < amounts.size(); i++) {
      night
          .simulator()
          .answers(
              Pattern.compile(i + "$").pattern(),
              "{\"department\":\"IT\",\"amount\":%s,\"summary\":\"%s\",\"approval_required\":true}"
                  .formatted(amounts.get(i), "\\u0000\\ud83d".repeat(random.nextInt(2)) + "x"));
    }
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void everyRowEndsCompletedOrRejectedByName(TestDatabase database) throws Exception {
    long seed = Long.getLong("hostile.seed", System.nanoTime());
    System.out.println("hostile.seed=" + seed);
    Random random = new Random(seed);
    if (database.vendor() == DatabaseVendor.MARIADB) {
      // or keys that differ in case would be the same row
      database.execute("alter database " + database.name() + " collate utf8mb4_bin");
    }
    try (InvoiceNight night = InvoiceNight.in(home, database)) {
      insert(database, random);
      answers(night, random);
      night.start().extract().untilDone();
      assertThat(night.pause()).isEmpty();
      assertThat(night.count("caravan_record where outcome in ('completed', 'rejected')"))
          .isEqualTo(ROWS);
      assertThat(night.count("caravan_record where outcome = 'rejected' and cause is null"))
          .isZero();
      assertThat(night.count("caravan_record where outcome = 'completed'"))
          .isEqualTo(night.count("invoices where loads = 1"))
          .isPositive();
      FaultTable.tried("hostile rows and answers through a night", night);
    }
  }
}
