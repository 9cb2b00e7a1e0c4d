package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

/** A file of rows of 64 KiB that cannot be compressed, and the table for them. */
final class BigSource {
  static final List<String> TARGET = List.of("CREATE TABLE big (body bytea)");

  private BigSource() {}

  static Path make(Path file, int rows) throws Exception {
    return FaultSource.make(
        file,
        List.of(
            "CREATE TABLE big (body blob)",
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                + rows
                + ") INSERT INTO big SELECT randomblob(65536) FROM n"),
        List.of("INSERT INTO big VALUES (x'01')"));
  }

  static int run(FaultRig rig, String... more) throws Exception {
    return FaultRig.start(rig.directory, List.of(), rig.transfer(more)).waitFor();
  }

  static void assertMovesNow(FaultRig rig, int rows, String... more) throws Exception {
    assertThat(run(rig, more)).as(rig.out()).isZero();
    assertThat(rig.markers()).isEqualTo("committed");
    assertThat(rig.query("SELECT count(*) || ' ' || sum(length(body)) FROM big"))
        .isEqualTo((rows + 1) + " " + (rows * 65536L + 1));
    rig.assertSourceUntouched();
  }
}
