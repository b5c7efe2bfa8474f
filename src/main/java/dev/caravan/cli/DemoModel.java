package dev.caravan.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.simulator.Asked;
import dev.caravan.simulator.Fault;
import dev.caravan.simulator.Simulator;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The model of the demo: it answers as a good one would, but for one answer that is cut off. */
final class DemoModel {
  private static final Pattern TOTAL = Pattern.compile("Total amount: ([0-9.]+) EUR");
  private static final BigDecimal LIMIT = new BigDecimal(100_000);
  private static final ObjectMapper JSON = new ObjectMapper();

  private DemoModel() {}

  static void teach(Simulator simulator) {
    simulator.answers(".*", DemoModel::answer);
    simulator.fault(new Fault.Truncated(Pattern.compile(".*_INV-017")), 0, 1);
  }

  private static String answer(Asked asked) {
    DemoOffer offer = DemoOffer.of(asked.prompt());
    Matcher total = TOTAL.matcher(asked.prompt());
    BigDecimal amount = total.find() ? new BigDecimal(total.group(1)) : BigDecimal.ZERO;
    ObjectNode answer = JSON.createObjectNode();
    answer.put("department", offer.department());
    answer.put("amount", amount);
    answer.put("summary", offer.summary());
    answer.put("approval_required", amount.compareTo(LIMIT) >= 0);
    return answer.toString();
  }
}
