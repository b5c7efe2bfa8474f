package dev.caravan.cli;

import java.math.BigDecimal;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.springframework.jdbc.core.JdbcTemplate;

/** The table of the demo: some hundred supplier invoices, the same ones every time. */
final class DemoInvoices {
  private static final String TABLE =
      """
      create table invoices (
        invoice_no varchar(20) primary key, vendor varchar(200), description clob,
        amount numeric(12,2), received_on date, department varchar(60),
        extracted_amount numeric(12,2), summary varchar(500), approval_required boolean,
        processed_at timestamp)
      """;

  private DemoInvoices() {}

  /** Makes the table and fills it. */
  static void create(JdbcTemplate database, int rows, LocalDate today) {
    database.execute(TABLE);
    List<Object[]> invoices = new ArrayList<>();
    Random random = new Random(20261120);
    for (int i = 1; i <= rows; i++) {
      DemoOffer offer = i == 3 ? DemoOffer.CONFERENCE : DemoOffer.any(random);
      BigDecimal amount = offer.amount(random);
      invoices.add(
          new Object[] {
            String.format(Locale.ROOT, "INV-%03d", i),
            offer.vendor(),
            offer.text() + ". Total amount: " + amount + " EUR, payable within 30 days.",
            amount,
            Date.valueOf(today.minusDays(random.nextInt(5)))
          });
    }
    database.batchUpdate(
        "insert into invoices(invoice_no, vendor, description, amount, received_on)"
            + " values (?, ?, ?, ?, ?)",
        invoices);
  }
}
