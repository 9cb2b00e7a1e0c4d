package dev.wharfinger.runner.transfer.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BundledSqliteTest {
  /** Before that a checkpoint and a writer that began at one moment could damage a file. */
  @Test
  void isNoneThatCanDamageAFileInWalMode() throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT sqlite_version()")) {
      int[] version =
          Arrays.stream(row.getString(1).split("\\.")).mapToInt(Integer::parseInt).toArray();

      assertThat(Arrays.compare(version, new int[] {3, 51, 3})).isNotNegative();
    }
  }
}
