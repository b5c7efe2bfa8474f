package dev.caravan.cli;

import dev.caravan.ledger.Nodes;
import java.util.List;

/** The processes at work on the ledger, as people read them. */
final class NodesText {
  private NodesText() {}

  static String of(List<Nodes.Node> nodes) {
    if (nodes.isEmpty()) {
      return "No service is running on this ledger: ./caravan start\n";
    }
    StringBuilder text = new StringBuilder();
    nodes.forEach(node -> text.append(line(node)));
    return text.toString();
  }

  private static String line(Nodes.Node node) {
    String line =
        "%s %s, since %s\n".formatted(node.work(), node.name(), Times.time(node.startedAt()));
    return node.api().breaker().equals("closed") ? line : line + breaker(node.api());
  }

  private static String breaker(Nodes.Api api) {
    return "  the API has failed since %s: %s. It is asked again every half minute\n"
        .formatted(Times.time(api.since()), api.detail());
  }
}
