package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteConfig;

/** What SQLite itself says to rows is a rule with a name. */
class SqliteErrorsTest {
  /** A gigabyte is its bound; here it is told a smaller one. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "INSERT INTO t (v) VALUES (zeroblob(5000)); value-longer-than-sqlite-takes",
        "INSERT INTO t (v, n) VALUES (zeroblob(600), zeroblob(600)); value-longer-than-sqlite-takes",
        "INSERT INTO t (v) VALUES (NULL); null-in-not-null-column",
        "INSERT INTO t (v, n) VALUES (1, -1); check-violated",
        "INSERT INTO t (id, v) VALUES (1, 1); duplicate-key",
        "INSERT INTO t (id, v) VALUES ('x', 1); type-does-not-fit",
      })
  void eachHasItsRule(String sql, String rule) throws Exception {
    assertThat(SqliteErrors.rule(refused(sql))).isEqualTo(rule);
  }

  @Test
  void whatIsNoRowsFaultIsThrownOn() throws Exception {
    SQLException error = refused("INSERT INTO nowhere VALUES (1)");
    assertThatThrownBy(() -> SqliteErrors.rule(error)).isSameAs(error);
  }

  private static SQLException refused(String sql) throws SQLException {
    Properties bound = new Properties();
    bound.setProperty(SQLiteConfig.Pragma.LIMIT_LENGTH.pragmaName, "1000");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:", bound);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE t (id INTEGER PRIMARY KEY, v NOT NULL, n CHECK (typeof(n) <> 'integer' OR n > 0))");
      statement.execute("INSERT INTO t (id, v) VALUES (1, 'one')");
      return catchThrowableOfType(SQLException.class, () -> statement.execute(sql));
    }
  }
}
