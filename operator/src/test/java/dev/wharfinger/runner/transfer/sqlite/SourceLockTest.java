package dev.wharfinger.runner.transfer.sqlite;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lock on a file that is to be replaced: nothing that others write meanwhile is lost. */
class SourceLockTest {
  @TempDir private Path directory;

  private void write(String... statements) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("app.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=0");
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void whoeverWroteWhileItWasNobodysIsNoticed(String journal) throws Exception {
    write("PRAGMA journal_mode=" + journal, "CREATE TABLE t (v)");
    SourceLock lock = SourceLock.take(directory.resolve("app.db"));
    assertThatThrownBy(() -> write("INSERT INTO t VALUES (1)")).hasMessageContaining("locked");
    lock.release();
    write("INSERT INTO t VALUES (1)");

    assertThatThrownBy(lock::alone).hasMessageContaining("somebody has written into");

    lock.release();
    assertThatCode(() -> write("INSERT INTO t VALUES (1)")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void aloneKeepsReadersOutUntilItIsReleased(String journal) throws Exception {
    write("PRAGMA journal_mode=" + journal, "CREATE TABLE t (v)");
    SourceLock lock = SourceLock.take(directory.resolve("app.db"));

    lock.alone();

    assertThatThrownBy(() -> write("SELECT * FROM t")).hasMessageContaining("locked");
    lock.release();
    assertThatCode(() -> write("INSERT INTO t VALUES (1)")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void whoeverReadsIsNoticed(String journal) throws Exception {
    write("PRAGMA journal_mode=" + journal, "CREATE TABLE t (v)");
    SourceLock lock = SourceLock.take(directory.resolve("app.db"));
    try (Connection reader =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("app.db"));
        Statement statement = reader.createStatement()) {
      statement.execute("BEGIN");
      statement.executeQuery("SELECT * FROM t").close();

      assertThatThrownBy(lock::alone).hasMessageContaining("somebody is using");
    }
  }
}
