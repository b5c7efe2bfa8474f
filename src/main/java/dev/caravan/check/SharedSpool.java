package dev.caravan.check;

import dev.caravan.ledger.Nodes;
import dev.caravan.settings.Fault;
import dev.caravan.spool.NodeMarks;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Whether the other processes on this ledger use the same spool folder as this one. */
public final class SharedSpool {
  private SharedSpool() {}

  /** One fault for each living process whose mark is not in {@code spool}. */
  public static List<Fault> faults(Path spool, Nodes nodes) {
    NodeMarks marks = new NodeMarks(spool);
    List<String> missing = unseen(nodes, marks).toList();
    // a process that has just ended took its mark with it
    return unseen(nodes, marks).filter(missing::contains).map(node -> fault(spool, node)).toList();
  }

  private static Stream<String> unseen(Nodes nodes, NodeMarks marks) {
    return nodes.live().stream().map(Nodes.Node::id).filter(id -> !marks.sees(id));
  }

  private static Fault fault(Path spool, String node) {
    return Fault.in(
        "spool.dir",
        spool + " is not the folder that " + node + " uses, a process on the same ledger",
        "All nodes of a ledger need one spool folder on a shared file system: set spool.dir to it.");
  }
}
