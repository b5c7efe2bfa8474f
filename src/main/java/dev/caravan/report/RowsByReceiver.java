package dev.caravan.report;

import dev.caravan.report.ReportRows.Flag;
import dev.caravan.report.ReportRows.Row;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Takes the rows of {@code report.sql} one by one and deals them out to their {@code mail_to}. */
final class RowsByReceiver {
  private static final int MAX_CELL = 300;

  /** Different flags that are counted each; receivers and wrong addresses that are remembered. */
  private static final int MAX_FLAGS = 50;

  private static final int MAX_RECEIVERS = 500;
  private static final int MAX_WRONG = 20;

  /** Rows kept for all receivers together, in mails of {@code maxShown}. */
  private static final int MAILS = 20;

  private final int maxShown;
  private int left;
  private final Collected all = new Collected();
  private final Map<String, Collected> byReceiver = new LinkedHashMap<>();
  private final TreeSet<String> notAddresses = new TreeSet<>();

  /** More rows than {@code maxShown} are counted, not shown. */
  RowsByReceiver(int maxShown) {
    this.maxShown = maxShown;
    this.left = maxShown * MAILS;
  }

  void add(Map<String, @Nullable String> row) {
    Map<String, @Nullable String> cells = new LinkedHashMap<>(row);
    String mailTo = cells.remove("mail_to");
    all.add(cells);
    for (String address : receivers(mailTo)) {
      if (byReceiver.size() < MAX_RECEIVERS || byReceiver.containsKey(address)) {
        byReceiver.computeIfAbsent(address, a -> new Collected()).add(cells);
      }
    }
  }

  ReportRows all() {
    return all.rows();
  }

  Map<String, ReportRows> byReceiver() {
    Map<String, ReportRows> rows = new LinkedHashMap<>();
    byReceiver.forEach((address, collected) -> rows.put(address, collected.rows()));
    return rows;
  }

  /** Values of {@code mail_to} that no mail can be sent to. */
  List<String> notAddresses() {
    return List.copyOf(notAddresses);
  }

  private List<String> receivers(@Nullable String mailTo) {
    List<String> receivers = new ArrayList<>();
    for (String address : mailTo == null ? new String[0] : mailTo.split("[,;]")) {
      if (isAddress(address.strip())) {
        receivers.add(address.strip());
      } else if (!address.isBlank() && notAddresses.size() < MAX_WRONG) {
        notAddresses.add(Words.line(address, 100));
      }
    }
    return receivers;
  }

  private static boolean isAddress(String text) {
    try {
      new InternetAddress(text, true).validate();
      return text.contains("@");
    } catch (AddressException no) {
      return false;
    }
  }

  private final class Collected {
    private final List<String> columns = new ArrayList<>();
    private final List<Row> shown = new ArrayList<>();
    private final Map<String, Long> flags = new LinkedHashMap<>();
    private long total;

    void add(Map<String, @Nullable String> row) {
      boolean lines = row.containsKey("line");
      String flag = lines && !Words.blank(row.get("flag")) ? text(row.get("flag")) : null;
      if (flag != null) {
        boolean known = flags.size() < MAX_FLAGS || flags.containsKey(flag);
        flags.merge(known ? flag : "other", 1L, Long::sum);
      }
      if (total == 0 && !lines) {
        columns.addAll(row.keySet());
      }
      if (shown.size() < maxShown && left > 0) {
        left--;
        shown.add(
            lines
                ? new Row(List.of(text(row.get("line"))), flag)
                : new Row(row.values().stream().map(RowsByReceiver::text).toList(), null));
      }
      total++;
    }

    ReportRows rows() {
      List<Flag> counted =
          flags.entrySet().stream().map(f -> new Flag(f.getKey(), f.getValue())).toList();
      return new ReportRows(List.copyOf(columns), List.copyOf(shown), counted, total, false, null);
    }
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : Words.line(value, MAX_CELL);
  }
}
