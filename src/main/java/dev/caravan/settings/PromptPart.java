package dev.caravan.settings;

import dev.caravan.batch.Reasons;
import freemarker.core.InvalidReferenceException;
import freemarker.core.ParseException;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import freemarker.template.TemplateHashModel;
import java.util.List;
import java.util.Objects;

/** One part of a prompt, the lines above or below {@code ---}; knows its lines in the file. */
final class PromptPart {
  private final String name;
  private final int linesAbove;
  private final Template template;

  /** Compiles; throws {@link FaultsException} on a syntax error. */
  PromptPart(String name, String text, int linesAbove) {
    this.name = name;
    this.linesAbove = linesAbove;
    try {
      template = PromptTemplate.template(name, text);
    } catch (ParseException e) {
      throw new FaultsException(
          List.of(
              new Fault(
                  name,
                  e.getLineNumber() + linesAbove,
                  "not a valid template: " + firstParagraph(e.getEditorMessage()),
                  "Directives look like <#if amount??> … </#if>, values like ${amount}.")));
    }
  }

  String name() {
    return name;
  }

  String render(TemplateHashModel scope) throws Failure {
    try {
      return PromptTemplate.process(template, scope);
    } catch (TemplateException e) {
      int line = e.getLineNumber() == null ? 0 : e.getLineNumber() + linesAbove;
      throw new Failure(fault(e, line));
    }
  }

  private Fault fault(TemplateException e, int line) {
    if (e instanceof PromptModels.UnknownName unknown) {
      return new Fault(name, line, unknown.what(), unknown.remedy());
    }
    if (e instanceof InvalidReferenceException) {
      String blamed = String.valueOf(e.getBlamedExpressionString());
      return new Fault(
          name,
          line,
          (blamed.matches("[a-z_][a-z0-9_]*") ? "column " : "") + blamed + " is NULL",
          "Write ${%s!\"none\"}, or <#if %s??> … </#if>.".formatted(blamed, blamed));
    }
    return new Fault(name, line, reason(e), "");
  }

  /**
   * FreeMarker adds hints and stacks below its first paragraph; a value's own failure says more.
   */
  private static String reason(TemplateException e) {
    String message = e.getMessageWithoutStackTop();
    return message == null || e.getCause() != null
        ? Reasons.of(Objects.requireNonNullElse(e.getCause(), e))
        : firstParagraph(message);
  }

  private static String firstParagraph(String message) {
    return message.split("\\R\\s*\\R|\\R----", 2)[0].replaceAll("\\s*\\R\\s*", " ").strip();
  }

  /** A part that can't be rendered, and why. */
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Fault fault;

    Failure(Fault fault) {
      super(fault.message());
      this.fault = fault;
    }

    Fault fault() {
      return fault;
    }
  }
}
