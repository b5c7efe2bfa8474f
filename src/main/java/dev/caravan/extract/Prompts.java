package dev.caravan.extract;

import dev.caravan.batch.Reasons;
import dev.caravan.batch.RecordFault;
import dev.caravan.settings.Prompt;
import dev.caravan.settings.PromptFault;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Variable;

/** Renders the job's {@code prompt.md} for one row. */
public final class Prompts {

  /**
   * The prompt of a row.
   *
   * @throws RecordFault when the template can't be rendered for it
   */
  public Prompt render(
      @Body Map<String, Object> row, @Variable("extraction") Extraction extraction) {
    try {
      return extraction.prompt().render(row);
    } catch (PromptFault e) {
      throw new RecordFault("prompt_failed", Reasons.of(e));
    }
  }
}
