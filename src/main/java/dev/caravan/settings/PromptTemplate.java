package dev.caravan.settings;

import freemarker.core.ParseException;
import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.TemplateHashModel;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A compiled {@code prompt.md} (FreeMarker): above a line {@code ---} the system part, below it the
 * message of one record; thread-safe.
 */
public final class PromptTemplate {
  static final Pattern SEPARATOR = Pattern.compile("(?m)^---[ \\t]*\\r?$");
  private static final Configuration FREEMARKER = configuration();

  private final PromptModels.Params params;
  private final PromptPart user;
  private final @Nullable String system;

  private PromptTemplate(PromptModels.Params params, @Nullable String system, PromptPart user) {
    this.params = params;
    this.system = system;
    this.user = user;
  }

  /**
   * Compiles a prompt and renders its system part.
   *
   * @param name of the file, for messages
   * @param params of the job, by name without {@code param.}
   * @throws FaultsException on a syntax error, and on a column in the system part
   */
  public static PromptTemplate compile(String name, String text, Map<String, String> params) {
    List<Fault> faults = new ArrayList<>();
    PromptModels.Params job = new PromptModels.Params(params);
    Matcher separator = SEPARATOR.matcher(text);
    boolean split = separator.find();
    String head = split ? text.substring(0, separator.start()) : "";
    String body = split ? text.substring(separator.end()) : text;
    String system = null;
    PromptPart user = null;
    try {
      system = new PromptPart(name, head, 0).render(new PromptModels.SystemScope(job));
    } catch (FaultsException e) {
      faults.addAll(e.faults());
    } catch (PromptPart.Failure e) {
      faults.add(e.fault());
    }
    try {
      user = new PromptPart(name, body, (int) head.lines().count());
    } catch (FaultsException e) {
      faults.addAll(e.faults());
    }
    if (user == null || !faults.isEmpty()) {
      throw new FaultsException(faults);
    }
    return new PromptTemplate(job, system == null || system.isEmpty() ? null : system, user);
  }

  /**
   * The prompt of one record.
   *
   * @param row values by lower-case column label; NULL as null
   * @throws PromptFault naming file, line and column of what can't be rendered
   */
  public Prompt render(Map<String, ? extends @Nullable Object> row) {
    String message;
    try {
      message = user.render(new PromptModels.RowScope(params, row));
    } catch (PromptPart.Failure e) {
      throw new PromptFault(e.fault());
    }
    if (message.isEmpty()) {
      throw new PromptFault(
          Fault.in(user.name(), "the message of this record is empty", "Print a column."));
    }
    return new Prompt(system, message);
  }

  static Template template(String name, String text) throws ParseException {
    try {
      return new Template(name, text, FREEMARKER);
    } catch (ParseException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String process(Template template, TemplateHashModel scope) throws TemplateException {
    StringWriter out = new StringWriter();
    try {
      template.process(scope, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString().strip();
  }

  private static Configuration configuration() {
    Configuration c = new Configuration(Configuration.VERSION_2_3_34);
    c.setDefaultEncoding("UTF-8");
    c.setLocale(Locale.ROOT);
    c.setTimeZone(TimeZone.getTimeZone("UTC"));
    c.setCustomNumberFormats(Map.of("plain", new PlainNumbers()));
    c.setNumberFormat("@plain");
    c.setBooleanFormat("c");
    c.setDateFormat("iso");
    c.setTimeFormat("iso");
    c.setDateTimeFormat("iso");
    c.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    c.setLogTemplateExceptions(false);
    c.setWrapUncheckedExceptions(true);
    c.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
    c.setObjectWrapper(PromptModels.WRAPPER);
    return c;
  }
}
