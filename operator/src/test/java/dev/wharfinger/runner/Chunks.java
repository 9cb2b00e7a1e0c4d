package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import java.util.List;

/** What a transfer in chunks is called with, and what it leaves in its ledger. */
final class Chunks {
  private Chunks() {}

  static FaultRig rig(PostgresServer server, Path source, Path directory, List<String> target)
      throws Exception {
    return new FaultRig(
        server,
        directory,
        FaultSource.copy(source, directory.resolve("app.db")),
        FaultRig.database(server, target));
  }

  static List<String> args(FaultRig rig, int workers) {
    return rig.transfer(
        "--large", "always", "--chunk-size", "40000", "--workers", String.valueOf(workers));
  }

  static void assertHalfDone(FaultRig rig) throws Exception {
    assertThat(rig.markers()).isEmpty();
    assertThat(rig.query("SELECT operation FROM wharfinger.ledger"))
        .isEqualTo(rig.operation.toString());
    rig.assertSourceUntouched();
  }

  static void assertNoLedger(FaultRig rig) throws Exception {
    assertThat(
            rig.query(
                "SELECT (SELECT count(*) FROM wharfinger.ledger)"
                    + " + (SELECT count(*) FROM wharfinger.chunk)"))
        .isEqualTo("0");
  }
}
