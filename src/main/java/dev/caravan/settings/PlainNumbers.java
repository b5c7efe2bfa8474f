package dev.caravan.settings;

import freemarker.core.Environment;
import freemarker.core.TemplateNumberFormat;
import freemarker.core.TemplateNumberFormatFactory;
import freemarker.template.TemplateModelException;
import freemarker.template.TemplateNumberModel;
import java.math.BigDecimal;
import java.util.Locale;

/**
 * Prints numbers as FreeMarker's {@code computer} format does, but never with an exponent ({@code
 * computer} writes 1E-12).
 */
final class PlainNumbers extends TemplateNumberFormatFactory {
  @Override
  public TemplateNumberFormat get(String params, Locale locale, Environment environment) {
    return new Plain();
  }

  private static final class Plain extends TemplateNumberFormat {
    @Override
    public String formatToPlainText(TemplateNumberModel model) throws TemplateModelException {
      String text = model.getAsNumber().toString();
      try {
        BigDecimal number = new BigDecimal(text);
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
      } catch (NumberFormatException notFinite) {
        return text;
      }
    }

    @Override
    public boolean isLocaleBound() {
      return false;
    }

    @Override
    public String getDescription() {
      return "plain digits";
    }
  }
}
