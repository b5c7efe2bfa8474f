package dev.caravan.settings;

import dev.caravan.batch.Reasons;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code config/prices.yaml} into {@link Prices}; all faults are reported at once. */
public final class PricesReader {
  private final String file;
  private final List<Fault> faults = new ArrayList<>();

  private PricesReader(String file) {
    this.file = file;
  }

  /**
   * The prices as the file is now; faults call it {@code config/prices.yaml}.
   *
   * @throws FaultsException with every fault, each with its line
   */
  public static Prices read(Path path) {
    String name = "config/" + path.getFileName();
    try {
      return new PricesReader(name).parse(Files.readString(path).replace("\uFEFF", ""));
    } catch (CharacterCodingException e) {
      throw new FaultsException(List.of(Fault.in(name, "is not UTF-8 text", "Save it as UTF-8.")));
    } catch (IOException e) {
      throw new FaultsException(
          List.of(
              Fault.in(
                  name, "can't be read: " + Reasons.of(e), "It comes with Caravan: put it back.")));
    }
  }

  private Prices parse(String text) {
    YamlPart root = new YamlPart(file, compose(text), faults);
    root.allowOnly(Set.of("models"));
    List<YamlPart> parts = root.list("models");
    List<Prices.Model> models = parts.stream().map(ModelPart::model).toList();
    if (models.isEmpty()) {
      root.refuse("models is missing or empty");
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < models.size(); i++) {
      for (String name : names(models.get(i))) {
        if (!seen.add(name)) {
          parts.get(i).refuse(name + " is the name of two models");
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new FaultsException(faults);
    }
    return new Prices(models);
  }

  private Node compose(String text) {
    LoadSettings settings = LoadSettings.builder().setLabel(file).build();
    try {
      return new Compose(settings)
          .composeString(text)
          .orElseThrow(() -> fault(0, "is empty", "It comes with Caravan: put it back."));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw fault(line, "not valid YAML: " + e.getProblem(), "");
    } catch (YamlEngineException e) {
      throw fault(0, "not valid YAML: " + Reasons.of(e), "");
    }
  }

  private FaultsException fault(int line, String message, String remedy) {
    return new FaultsException(List.of(new Fault(file, line, message, remedy)));
  }

  private static List<String> names(Prices.Model model) {
    List<String> names = new ArrayList<>(model.aliases());
    names.add(model.id());
    return names;
  }
}
