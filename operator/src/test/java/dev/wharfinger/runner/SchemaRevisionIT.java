package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.testing.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The revision of databases as migration tools leave them; see schemas/README.md. */
class SchemaRevisionIT {
  private static PostgresServer server;
  @TempDir Path directory;

  private record Said(int exit, String code, String tool, String revision, String log) {}

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "sqlalchemy, Alembic, 1975ea83b712, 1975ea83b712",
    "flyway, Flyway, 1, 1",
    "diesel, Diesel, 20240112210182, 20240112210182",
    "seaorm, SeaORM, m20240101_000001_create, m20240101_000001_create",
    "prisma, Prisma, 20240102030405_init, 20240102030405_init",
    "knex, Knex, 20240101_init.js, 20240101_init.js"
  })
  void PIP_14_eachToolsRevisionIsReadOnBothEngines(
      String folder, String tool, String onSqlite, String onPostgresql) throws Exception {
    Path file = directory.resolve("app.db");
    apply(DriverManager.getConnection("jdbc:sqlite:" + file), folder, "sqlite.sql");
    byte[] before = Files.readAllBytes(file);
    assertThat(read("sqlite:///" + file))
        .returns(ExitCode.DONE, Said::exit)
        .returns(tool, Said::tool)
        .returns(onSqlite, Said::revision);
    assertThat(Files.readAllBytes(file)).isEqualTo(before);

    String database = server.newDatabase();
    apply(server.connect(database), folder, "postgresql.sql");
    String dump = server.dump(database);
    assertThat(read(server.url(database)))
        .returns(ExitCode.DONE, Said::exit)
        .returns(tool, Said::tool)
        .returns(onPostgresql, Said::revision);
    assertThat(server.dump(database)).isEqualTo(dump);
  }

  @Test
  void PIP_14_allThatDjangoHasDoneIsPrintedInItsOrder() throws Exception {
    Path file = directory.resolve("app.db");
    apply(DriverManager.getConnection("jdbc:sqlite:" + file), "django", "sqlite.sql");
    Said said = read("sqlite:///" + file);

    assertThat(said.tool()).isEqualTo("Django");
    List<String> history =
        said.log().lines().filter(l -> l.startsWith("  ")).map(String::strip).toList();
    assertThat(history).startsWith("contenttypes.0001_initial", "auth.0001_initial");
    assertThat(history.getLast()).isEqualTo(said.revision());
  }

  @Test
  void PIP_15_allHeadsOfAlembicAreNamedAndWhatFailedUnderPrismaIsNot() throws Exception {
    Path file = directory.resolve("app.db");
    apply(DriverManager.getConnection("jdbc:sqlite:" + file), "sqlalchemy", "sqlite.sql");
    run(file, "INSERT INTO alembic_version VALUES ('0a')");
    assertThat(read("sqlite:///" + file).revision()).isEqualTo("0a, 1975ea83b712");

    Path prisma = directory.resolve("prisma.db");
    apply(DriverManager.getConnection("jdbc:sqlite:" + prisma), "prisma", "sqlite.sql");
    run(
        prisma,
        "INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, applied_steps_count)"
            + " VALUES ('x', 'c', '2025_failed', 1804164644990, 0)");
    assertThat(read("sqlite:///" + prisma).revision()).isEqualTo("20240102030405_init");
  }

  @Test
  void aDatabaseOfNoToolHasNoRevisionAndAMissingFileIsNotMade() throws Exception {
    Path file = directory.resolve("app.db");
    assertThat(read("sqlite:///" + file)).returns("file-missing", Said::code);
    assertThat(file).doesNotExist();

    run(file, "CREATE TABLE note (id integer)");
    assertThat(read("sqlite:///" + file))
        .returns(ExitCode.DONE, Said::exit)
        .returns("", Said::revision);
  }

  private Said read(String url) throws Exception {
    Path result = directory.resolve("result.json");
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    int exit;
    try {
      exit =
          new SchemaRevision(Map.of())
              .run(
                  Options.parse(
                      List.of("--to", url, "--result", result.toString()),
                      SchemaRevision.VALUED,
                      java.util.Set.of()));
    } finally {
      System.setOut(out);
    }
    JsonNode json = new ObjectMapper().readTree(Files.readString(result));
    return new Said(
        exit,
        json.path("code").asText(),
        json.path("tool").asText(),
        json.path("revision").asText(),
        printed.toString(StandardCharsets.UTF_8));
  }

  private static void run(Path file, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void apply(Connection connection, String folder, String name) throws Exception {
    Path script =
        Path.of(
                Objects.requireNonNull(SchemaRevisionIT.class.getResource("/schemas/" + folder))
                    .toURI())
            .resolve(name);
    try (connection;
        Statement statement = connection.createStatement()) {
      if (name.startsWith("sqlite")) {
        // sqlite-jdbc runs all statements of a text.
        statement.executeUpdate(Files.readString(script));
      } else {
        statement.execute(Files.readString(script));
      }
    }
  }
}
