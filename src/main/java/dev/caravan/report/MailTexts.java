package dev.caravan.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.caravan.batch.Reasons;
import dev.caravan.batch.Usd;
import freemarker.cache.ConditionalTemplateConfigurationFactory;
import freemarker.cache.FileExtensionMatcher;
import freemarker.cache.FileTemplateLoader;
import freemarker.core.HTMLOutputFormat;
import freemarker.core.PlainTextOutputFormat;
import freemarker.core.TemplateClassResolver;
import freemarker.core.TemplateConfiguration;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.TemplateMethodModelEx;
import freemarker.template.utility.DeepUnwrap;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Map;

/**
 * Renders the mails of {@code templates/mail/<mail>/content.html} and {@code content.txt} from
 * models in snake_case; in HTML every value is escaped. Thread-safe.
 */
public final class MailTexts {
  private static final TypeReference<Map<String, Object>> MODEL = new TypeReference<>() {};

  private final Configuration templates;
  private final JsonMapper json =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(com.fasterxml.jackson.core.JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .addModule(
              new SimpleModule().addSerializer(OffsetDateTime.class, ToStringSerializer.instance))
          .build();

  /**
   * Templates below {@code folder}.
   *
   * @throws UncheckedIOException when the folder is missing
   */
  public MailTexts(Path folder) {
    this.templates = new Configuration(Configuration.VERSION_2_3_34);
    try {
      templates.setTemplateLoader(new FileTemplateLoader(folder.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException("The mail templates are missing: " + folder, e);
    }
    templates.setDefaultEncoding("UTF-8");
    templates.setLocale(Locale.ENGLISH);
    templates.setNumberFormat(",##0");
    templates.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    templates.setLogTemplateExceptions(false);
    templates.setWrapUncheckedExceptions(true);
    templates.setLocalizedLookup(false);
    templates.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
    templates.setAPIBuiltinEnabled(false);
    templates.setOutputFormat(PlainTextOutputFormat.INSTANCE);
    TemplateConfiguration html = new TemplateConfiguration();
    html.setOutputFormat(HTMLOutputFormat.INSTANCE);
    templates.setTemplateConfigurations(
        new ConditionalTemplateConfigurationFactory(new FileExtensionMatcher("html"), html));
    TemplateMethodModelEx usd =
        arguments ->
            Usd.text(
                new BigDecimal(
                    String.valueOf(
                        DeepUnwrap.unwrap((freemarker.template.TemplateModel) arguments.get(0)))));
    templates.setSharedVariable("usd", usd);
  }

  public String html(RunReport report) {
    return html("run-report", report);
  }

  public String text(RunReport report) {
    return text("run-report", report);
  }

  /** The report as JSON, pretty-printed; names in snake_case, times in ISO 8601 with offset. */
  public String json(RunReport report) {
    try {
      return json.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The HTML twin of a mail for a record or map. */
  String html(String mail, Object model) {
    return render(mail + "/content.html", model);
  }

  /** The text twin of a mail for a record or map. */
  String text(String mail, Object model) {
    return render(mail + "/content.txt", model);
  }

  private String render(String template, Object model) {
    StringWriter text = new StringWriter();
    try {
      templates.getTemplate(template).process(json.convertValue(model, MODEL), text);
    } catch (IOException | TemplateException e) {
      throw new IllegalStateException(
          "templates/mail/" + template + " can't be rendered: " + Reasons.of(e), e);
    }
    return text.toString();
  }
}
