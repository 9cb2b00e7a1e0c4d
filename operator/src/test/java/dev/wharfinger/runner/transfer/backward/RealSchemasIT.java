package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.Policies;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.testing.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases as the usual tools make them, there and back; see schemas/README.md. */
class RealSchemasIT {
  private static PostgresServer server;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
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
  void PHX_29_PHX_30_PIP_27_goesIntoTheToolsOwnSchemaAndBack(String tool) throws Exception {
    Path file = file(tool);
    BackwardFixture fixture = new BackwardFixture(server, directory);
    fixture.postgres(text(tool, "postgresql"));

    moved(fixture.forward(file, true, Policies.NONE));
    if (Files.exists(resource(tool, "moved"))) {
      assertThat(rows(fixture.database)).isEqualTo(rows(wanted(tool)));
    }
    moved(fixture.like(file).run());

    assertThat(Content.of(fixture.target)).isEqualTo(Content.of(file));
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
        "flyway",
        "diesel"
      })
  void PIP_01_PIP_28_goesIntoADerivedSchemaAndBack(String tool) throws Exception {
    Path file = file(tool);
    BackwardFixture fixture = new BackwardFixture(server, directory);

    moved(fixture.forward(file));
    moved(fixture.like(file).run());

    assertThat(Content.of(fixture.target)).isEqualTo(Content.of(file));
  }

  /** Each database has a history of migrations of its own, as that of Vaultwarden has. */
  @Test
  void otherRevisionsAreRefusedUntilSomebodySaysThatTheyMeanTheSame() throws Exception {
    Path file = file("diesel");
    BackwardFixture fixture = new BackwardFixture(server, directory);
    fixture.postgres(text("diesel", "postgresql"));
    String before = server.dump(fixture.database);

    Report refused = fixture.forward(file);
    assertThat(BackwardFixture.rules(refused))
        .containsExactly("__diesel_schema_migrations. revision-differs 1");
    assertThat(server.dump(fixture.database)).isEqualTo(before);

    Policies ignoring =
        new Policies(List.of(Policies.Policy.parse("revisions@__diesel_schema_migrations=ignore")));
    moved(fixture.forward(Files.copy(file, directory.resolve("again.db")), false, ignoring));
    moved(fixture.like(file).run());
    assertThat(Content.of(fixture.target)).isEqualTo(Content.of(file));
  }

  /** What the way forward went on with is nothing new; what came behind it is. */
  @Test
  void aRevisionOfLaterIsRefusedOnTheWayBack() throws Exception {
    Path file = file("diesel");
    BackwardFixture fixture = new BackwardFixture(server, directory).like(file);
    fixture.postgres(text("diesel", "postgresql"));
    moved(
        fixture.forward(
            file, false, new Policies(List.of(Policies.Policy.parse("revisions=ignore")))));
    fixture.postgres("INSERT INTO __diesel_schema_migrations VALUES ('20250101000000', now())");

    assertThat(BackwardFixture.rules(fixture.run()))
        .containsExactly("__diesel_schema_migrations. revision-differs 1");
  }

  @Test
  void aMigrationThatEndedHalfWayIsNoRevision() throws Exception {
    Path file = file("gorm");
    BackwardFixture fixture = new BackwardFixture(server, directory);
    fixture.postgres(text("gorm", "postgresql"));
    fixture.file(file, "UPDATE schema_migrations SET dirty = 1");

    assertThat(BackwardFixture.rules(fixture.forward(file)))
        .containsExactly("schema_migrations. revision-differs 1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStoreThatOnlyItsLibraryCanMoveIsRefused(boolean existing) throws Exception {
    Path file = file("langgraph");
    BackwardFixture fixture = new BackwardFixture(server, directory);
    fixture.postgres(existing ? text("langgraph", "postgresql") : "SELECT 1");

    assertThat(BackwardFixture.rules(fixture.forward(file)))
        .containsExactly(
            "checkpoints. table-not-row-mappable 1", "writes. table-not-row-mappable 1");
  }

  private static void moved(Report report) {
    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
  }

  private Path file(String tool) throws Exception {
    Path file = directory.resolve("retained.db");
    new BackwardFixture(server, directory).file(file, text(tool, "sqlite"));
    return file;
  }

  /** A database with the rows that the application itself writes. */
  private static String wanted(String tool) throws SQLException {
    String database = server.newDatabase();
    try (var connection = server.connect(database);
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(text(tool, "postgresql"));
      statement.execute(text(tool, "moved"));
      connection.commit();
    }
    return database;
  }

  /** Everything but the time of the migrations, and the last numbers given out. */
  private static List<String> rows(String database) throws Exception {
    return server
        .dump(database)
        .lines()
        .filter(line -> !line.contains("setval") && !line.matches("\\d+\t\\w+\t\\d{4}_.*"))
        .sorted()
        .toList();
  }

  static String text(String tool, String name) {
    try {
      return Files.readString(resource(tool, name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path resource(String tool, String name) {
    try {
      Path folder =
          Path.of(
              Objects.requireNonNull(RealSchemasIT.class.getResource("/schemas/" + tool)).toURI());
      return folder.resolve(name + ".sql");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
