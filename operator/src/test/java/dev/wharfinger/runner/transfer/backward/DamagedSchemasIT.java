package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.Policies;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.testing.PostgresServer;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The databases of {@link RealSchemasIT}, damaged: refused, with the place, and nothing written.
 */
class DamagedSchemasIT {
  private static PostgresServer server;
  @TempDir private Path directory;
  private BackwardFixture fixture;
  private String before = "";

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void database() throws SQLException {
    fixture = new BackwardFixture(server, directory);
  }

  private Path file(String tool) throws Exception {
    Path file = directory.resolve("retained.db");
    fixture.file(file, RealSchemasIT.text(tool, "sqlite"));
    fixture.postgres(RealSchemasIT.text(tool, "postgresql"));
    before = server.dump(fixture.database);
    return file;
  }

  @AfterEach
  void nothingIsWritten() throws Exception {
    assertThat(server.dump(fixture.database)).isEqualTo(before);
  }

  private Report refused(Path file) {
    Report report = fixture.forward(file, true, Policies.NONE);
    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("refused");
    return report;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "django",
        "sqlalchemy",
        "prisma",
        "rails",
        "gorm",
        "efcore",
        "knex",
        "seaorm",
        "flyway"
      })
  void aWrongValueIsFoundInEachColumnThatIsNoText(String tool) throws Exception {
    Path file = file(tool);
    Set<String> wrong = new TreeSet<>();
    try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      sqlite.createStatement().execute("PRAGMA ignore_check_constraints = ON");
      for (String[] column : columns()) {
        if (spoil(sqlite, column[0], column[1])) {
          wrong.add(column[0] + "." + column[1]);
        }
      }
    }

    Set<String> found = new TreeSet<>();
    for (var finding : refused(file).json().path("findings")) {
      found.add(finding.path("table").asText() + "." + finding.path("column").asText());
    }

    assertThat(wrong).isNotEmpty();
    assertThat(found).containsAll(wrong);
  }

  /** Columns that take no text, in tables that are moved. */
  private List<String[]> columns() throws SQLException {
    List<String[]> columns = new ArrayList<>();
    try (Connection connection = server.connect(fixture.database);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT table_name, column_name FROM information_schema.columns"
                    + " WHERE table_schema = 'public' AND is_generated = 'NEVER' AND"
                    + " data_type NOT IN ('text', 'character varying', 'bytea') AND table_name !~*"
                    + " 'migrations|alembic|metadata|history'")) {
      while (rows.next()) {
        columns.add(new String[] {rows.getString(1), rows.getString(2)});
      }
    }
    return columns;
  }

  /** Writes a word into the first row; a row number takes none. */
  private static boolean spoil(Connection sqlite, String table, String column) throws SQLException {
    try (Statement statement = sqlite.createStatement()) {
      return statement.executeUpdate(
              "UPDATE \"%1$s\" SET \"%2$s\" = 'wrong' WHERE rowid = (SELECT min(rowid) FROM \"%1$s\")"
                  .formatted(table, column))
          > 0;
    } catch (SQLException e) {
      assertThat(e.getMessage()).contains("datatype mismatch");
      return false;
    }
  }

  @Test
  void whatIsTheSameOnPostgresqlOnlyIsTwiceThere() throws Exception {
    Path file = file("django");
    fixture.file(
        file,
        "UPDATE shop_item SET token = '{00000000-0000-0000-0000-000000000001}'"
            + " WHERE id = 'ffffffffffffffffffffffffffffffff'");

    assertThat(BackwardFixture.rules(refused(file)))
        .containsExactly("shop_item.token duplicate-key 2");
  }

  @Test
  void aParentThatIsGoneIsMissed() throws Exception {
    Path file = file("django");
    fixture.file(file, "DELETE FROM auth_user WHERE username = 'anna'");

    assertThat(BackwardFixture.rules(refused(file)))
        .containsExactlyInAnyOrder(
            "shop_item.owner_id parent-row-missing 2",
            "auth_user_groups.user_id parent-row-missing 1",
            "django_admin_log.user_id parent-row-missing 1");
  }

  @Test
  void aMigrationThatOneSideHasNotIsNamed() throws Exception {
    Path file = file("django");
    fixture.file(file, "DELETE FROM django_migrations WHERE app = 'sessions'");

    Report report = refused(file);

    assertThat(BackwardFixture.rules(report))
        .containsExactly("django_migrations. revision-differs 1");
    assertThat(report.json().at("/findings/0/detail").asText()).contains("sessions.0001_initial");
  }

  @Test
  void aFileThatEndsEarlyIsDamaged() throws Exception {
    Path file = file("django");
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength(bytes.length() - 3 * 4096);
    }

    assertThat(BackwardFixture.rules(refused(file)).getFirst()).contains("source-damaged");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop_item", "auth_user", "sqlite_autoindex_shop_item_1"})
  void aPageThatIsBrokenIsDamage(String object) throws Exception {
    Path file = file("django");
    long page =
        Long.parseLong(
            BackwardFixture.query(
                    file, "SELECT rootpage FROM sqlite_schema WHERE name = '" + object + "'")
                .getFirst());
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek((page - 1) * 4096 + 100);
      bytes.write(new byte[3000]);
      bytes.seek((page - 1) * 4096);
      bytes.write(new byte[] {13, 0, 0, 0, 3, 8, 0});
    }

    assertThat(BackwardFixture.rules(refused(file)).getFirst()).contains("source-damaged");
  }
}
