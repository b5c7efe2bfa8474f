package dev.caravan.settings;

import freemarker.template.Configuration;
import freemarker.template.ObjectWrapper;
import freemarker.template.SimpleObjectWrapper;
import freemarker.template.SimpleScalar;
import freemarker.template.TemplateHashModel;
import freemarker.template.TemplateModel;
import freemarker.template.TemplateModelException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a prompt can see: values as plain text, number or boolean, and no Java object. */
final class PromptModels {
  static final ObjectWrapper WRAPPER = new SimpleObjectWrapper(Configuration.VERSION_2_3_34);

  private PromptModels() {}

  /** The scope of the system part: {@code job} alone. */
  record SystemScope(Params job) implements TemplateHashModel {
    @Override
    public TemplateModel get(String name) throws TemplateModelException {
      if (name.equals("job")) {
        return job;
      }
      throw new UnknownName(
          name + " stands above the --- line, in the system part",
          "That part is the same for all records of the job (one block, sent and cached once), so"
              + " only ${job.<param>} may stand there. Move "
              + name
              + " below the --- line.");
    }

    @Override
    public boolean isEmpty() {
      return false;
    }
  }

  /** The scope of a record's message: its columns, and {@code job}. */
  record RowScope(Params job, Map<String, ? extends @Nullable Object> row)
      implements TemplateHashModel {
    @Override
    public @Nullable TemplateModel get(String name) throws TemplateModelException {
      if (name.equals("job")) {
        return job;
      }
      if (row.containsKey(name)) {
        return PromptValues.model(row.get(name));
      }
      throw new UnknownName(
          "extract.sql gives no column " + name, Nearest.remedy(name, row.keySet()));
    }

    @Override
    public boolean isEmpty() {
      return false;
    }
  }

  /** The job's {@code param.…} values; {@code -} in a name may be written {@code _}. */
  record Params(Map<String, String> values) implements TemplateHashModel {
    Params {
      values = Map.copyOf(values);
    }

    @Override
    public TemplateModel get(String name) throws TemplateModelException {
      String value = values.getOrDefault(name, values.get(name.replace('_', '-')));
      if (value != null) {
        return new SimpleScalar(value);
      }
      // ${job.approval-limit} reads as job.approval minus limit
      String begun =
          values.keySet().stream().filter(key -> key.startsWith(name + "-")).findFirst().orElse("");
      throw new UnknownName(
          "job.properties has no param." + name,
          begun.isEmpty()
              ? "Add param." + name + "= there."
              : "Write ${job." + begun.replace('-', '_') + "}: a - would be a minus.");
    }

    @Override
    public boolean isEmpty() {
      return values.isEmpty();
    }
  }

  /** A name that nothing has; not softened by {@code !} and {@code ??}, which are for NULL. */
  static final class UnknownName extends TemplateModelException {
    private static final long serialVersionUID = 1L;
    private final String what;
    private final String remedy;

    UnknownName(String what, String remedy) {
      super(what);
      this.what = what;
      this.remedy = remedy;
    }

    String what() {
      return what;
    }

    String remedy() {
      return remedy;
    }
  }
}
