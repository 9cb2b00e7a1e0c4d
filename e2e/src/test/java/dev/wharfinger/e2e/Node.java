package dev.wharfinger.e2e;

import java.time.Instant;
import java.util.Optional;

/** The one node of the cluster, where it is ours to crash. */
final class Node {
  private final String cluster;

  private Node(String cluster) {
    this.cluster = cluster;
  }

  /** The node, or nothing on somebody else's cluster. */
  static Optional<Node> ours() {
    String cluster = System.getProperty("wharfinger.cluster", "");
    return cluster.isEmpty() ? Optional.empty() : Optional.of(new Node(cluster));
  }

  /**
   * Ends everything that runs on it, in an order of its own for each seed, and boots it again.
   *
   * @return when it was up
   */
  Instant reboot(long seed) {
    System.out.println(Shell.run(cluster, "crash", "--seed", Long.toString(seed)));
    System.out.println(Shell.run(cluster, "up"));
    return Instant.now();
  }
}
