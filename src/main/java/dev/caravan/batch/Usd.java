package dev.caravan.batch;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Amounts of money as people read them, the same in mails, reports and commands. */
public final class Usd {
  private static final BigDecimal CENT = new BigDecimal("0.01");
  private static final int DIGITS_BELOW_A_CENT = 3;

  private Usd() {}

  /**
   * An amount in USD without the word: cents, below one dollar up to four decimals, below one cent
   * three digits that say something; only nothing is {@code 0.00}.
   */
  public static String text(BigDecimal amount) {
    if (amount.signum() != 0 && amount.abs().compareTo(CENT) < 0) {
      return amount
          .round(new MathContext(DIGITS_BELOW_A_CENT, RoundingMode.HALF_UP))
          .stripTrailingZeros()
          .toPlainString();
    }
    boolean small = amount.signum() != 0 && amount.abs().compareTo(BigDecimal.ONE) < 0;
    DecimalFormat format =
        new DecimalFormat(
            small ? "0.00##" : ",##0.00", DecimalFormatSymbols.getInstance(Locale.ROOT));
    format.setRoundingMode(RoundingMode.HALF_UP);
    return format.format(amount);
  }
}
