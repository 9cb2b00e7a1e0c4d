package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.operator.model.SchemaModel;
import dev.wharfinger.runner.schema.SchemaResult;
import dev.wharfinger.testing.PostgresServer;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Migrations on both engines: what is run, what is refused, and what is told of it. */
class MigrateSchemaIT {
  private static PostgresServer server;
  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    server.demandPasswords();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private SchemaRig rig(String engine) throws Exception {
    return engine.equals("SQLite")
        ? SchemaRig.onSqlite(directory)
        : SchemaRig.onPostgresql(directory, server);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SQLite", "PostgreSQL"})
  void PIP_14_whatIsNewIsRunOnceAndTheRevisionIsTold(String engine) throws Exception {
    SchemaRig rig =
        rig(engine)
            .file("V1__note.sql", "CREATE TABLE note (id integer PRIMARY KEY, text text);")
            .file("V2__row.sql", "INSERT INTO note VALUES (1, '${what}');");

    SchemaRig.Said first = rig.migrate("--placeholder", "what=an = 'anchor'".replace("'", "''"));
    assertThat(first.log()).contains("2 migrations were run");
    assertThat(first)
        .returns(ExitCode.DONE, SchemaRig.Said::exit)
        .returns("migrated", SchemaRig.Said::code)
        .returns("2", SchemaRig.Said::revision);
    assertThat(rig.ask("SELECT text FROM note")).isEqualTo("an = 'anchor'");

    rig.file("V10__more.sql", "ALTER TABLE note ADD COLUMN more text;");
    assertThat(rig.migrate("--placeholder", "what=an = ''anchor''").revision()).isEqualTo("10");
    assertThat(rig.migrate("--placeholder", "what=an = ''anchor''"))
        .returns(ExitCode.DONE, SchemaRig.Said::exit)
        .returns("nothing was to be done", SchemaRig.Said::message);
    assertThat(rig.ask("SELECT count(*) FROM note")).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SQLite", "PostgreSQL"})
  void CLB_25_aFailureNamesFileAndReasonAndNoRowAndNoPassword(String engine) throws Exception {
    SchemaRig rig =
        rig(engine)
            .file("V1__note.sql", "CREATE TABLE note (id integer PRIMARY KEY, text text UNIQUE);")
            .file("V2__row.sql", "INSERT INTO note VALUES (1, 'of a customer');")
            .file(
                "V3__twice.sql",
                "CREATE TABLE half (id integer);\nINSERT INTO note VALUES (2, 'of a customer');");

    SchemaRig.Said said = rig.migrate();
    assertThat(said)
        .returns(ExitCode.REFUSED, SchemaRig.Said::exit)
        .returns("migration-failed", SchemaRig.Said::code)
        .returns("2", SchemaRig.Said::revision);
    assertThat(said.message())
        .contains("V3__twice.sql")
        .containsIgnoringCase("unique")
        .doesNotContain("of a customer", "\n", "---");
    // What the failing file had begun is gone.
    assertThat(rig.ask("SELECT count(*) FROM half")).contains("half");

    rig.file("V3__twice.sql", "INSERT INTO note VALUES (2, 'other');");
    assertThat(rig.migrate()).returns("3", SchemaRig.Said::revision);
  }

  @Test
  void CLB_25_thePasswordIsNotRepeatedWhoeverPutItThere() throws Exception {
    SchemaRig rig = rig("PostgreSQL").file("V1__cast.sql", "SELECT * FROM \"secret\";");

    SchemaRig.Said said = rig.migrate();
    assertThat(said.message()).contains("V1__cast.sql", "***");
    assertThat(said.message() + said.log()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SQLite", "PostgreSQL"})
  void whatWasRunIsNotChangedAfterwardsExceptByRepair(String engine) throws Exception {
    SchemaRig rig =
        rig(engine)
            .file("V1__note.sql", "CREATE TABLE note (id integer PRIMARY KEY);")
            .file("V3__more.sql", "ALTER TABLE note ADD COLUMN more text;");
    assertThat(rig.migrate().exit()).isZero();

    rig.file("V2__late.sql", "CREATE TABLE late (id integer);");
    assertThat(rig.migrate())
        .returns(ExitCode.REFUSED, SchemaRig.Said::exit)
        .extracting(SchemaRig.Said::message)
        .asString()
        .contains("2");
    assertThat(rig.migrate("--repair").exit()).isEqualTo(ExitCode.REFUSED);
    assertThat(rig.ask("SELECT count(*) FROM late")).contains("late");
    rig.remove("V2__late.sql");

    rig.file("V1__note.sql", "CREATE TABLE note (id integer PRIMARY KEY); -- a comment");
    assertThat(rig.migrate())
        .returns(ExitCode.REFUSED, SchemaRig.Said::exit)
        .extracting(SchemaRig.Said::message)
        .asString()
        .contains("checksum");
    assertThat(rig.migrate("--repair").exit()).isZero();
    assertThat(rig.migrate().exit()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SQLite", "PostgreSQL"})
  void PIP_12_aSchemaOfOtherMakingNeedsABaseline(String engine) throws Exception {
    SchemaRig rig =
        rig(engine)
            .file("V1__note.sql", "CREATE TABLE note (id integer PRIMARY KEY);")
            .file("V2__more.sql", "ALTER TABLE note ADD COLUMN more text;");
    rig.run("CREATE TABLE note (id integer PRIMARY KEY)");
    rig.run("INSERT INTO note VALUES (7)");

    assertThat(rig.migrate().exit()).isEqualTo(ExitCode.REFUSED);
    assertThat(rig.migrate("--baseline-version", "1"))
        .returns(ExitCode.DONE, SchemaRig.Said::exit)
        .returns("2", SchemaRig.Said::revision);
    assertThat(rig.ask("SELECT id FROM note WHERE more IS NULL")).isEqualTo("7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SQLite", "PostgreSQL"})
  void filesThatWouldBePassedOverAreRefused(String engine) throws Exception {
    SchemaRig rig = rig(engine).file("readme.txt", "nothing");
    assertThat(rig.migrate()).returns("no-migrations", SchemaRig.Said::code);

    rig.file("V1__other.sql", "CREATE TABLE other (id integer);");
    assertThat(rig.migrate().exit()).isZero();
    rig.remove("V1__other.sql");
    assertThat(rig.migrate()).returns("no-migrations", SchemaRig.Said::code);
    rig.file("V1_note.sql", "CREATE TABLE note (id integer);");
    assertThat(rig.migrate().exit()).isEqualTo(ExitCode.REFUSED);
    assertThat(rig.ask("SELECT count(*) FROM note")).contains("note");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SQLite", "PostgreSQL"})
  void filesOfAnOlderReleaseAreNoFailure(String engine) throws Exception {
    SchemaRig rig =
        rig(engine)
            .file("V1__note.sql", "CREATE TABLE note (id integer PRIMARY KEY);")
            .file("V2__more.sql", "ALTER TABLE note ADD COLUMN more text;");
    assertThat(rig.migrate()).returns("2", SchemaRig.Said::revision);

    rig.remove("V2__more.sql");
    assertThat(rig.migrate())
        .returns(ExitCode.DONE, SchemaRig.Said::exit)
        .returns("2", SchemaRig.Said::revision);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SQLite", "PostgreSQL"})
  void theFilesAreThoseThatWereAskedForAsTheKubeletLaysThemOut(String engine) throws Exception {
    SchemaRig rig = rig(engine);
    Path real = Files.createDirectories(rig.files().resolve("..2026_11_22"));
    String sql = "CREATE TABLE note (id integer); -- größer";
    Files.writeString(real.resolve("V1__note.sql"), sql);
    Files.write(real.resolve("extra.bin"), new byte[] {0, -1});
    Files.createSymbolicLink(rig.files().resolve("..data"), Path.of("..2026_11_22"));
    for (String name : new String[] {"V1__note.sql", "extra.bin"}) {
      Files.createSymbolicLink(rig.files().resolve(name), Path.of("..data", name));
    }
    String hash =
        SchemaModel.filesHash(
            new ConfigMapBuilder()
                .withData(Map.of("V1__note.sql", sql))
                .withBinaryData(
                    Map.of("extra.bin", Base64.getEncoder().encodeToString(new byte[] {0, -1})))
                .build());

    assertThat(rig.migrate("--content", hash.replace('0', '1').replace('2', '3')))
        .returns(ExitCode.FAILED, SchemaRig.Said::exit)
        .returns("files-changed", SchemaRig.Said::code);
    assertThat(rig.ask("SELECT count(*) FROM note")).contains("note");
    assertThat(rig.migrate("--content", hash)).returns("1", SchemaRig.Said::revision);
    assertThat(hash.getBytes(StandardCharsets.UTF_8)).hasSize(64);
  }

  @Test
  void OXY_12_OXY_36_aServerThatIsAwayIsTriedAgain() throws Exception {
    SchemaRig rig = rig("PostgreSQL").file("V1__note.sql", "CREATE TABLE note (id integer);");
    server.kill();
    try {
      assertThat(rig.migrate())
          .returns(ExitCode.FAILED, SchemaRig.Said::exit)
          .returns("database-unavailable", SchemaRig.Said::code);
    } finally {
      server.run();
    }
    assertThat(rig.migrate().exit()).isZero();
    server.admin("postgres", "ALTER ROLE app PASSWORD 'other'");
    try {
      assertThat(rig.migrate()).returns(ExitCode.REFUSED, SchemaRig.Said::exit);
    } finally {
      server.admin("postgres", "ALTER ROLE app PASSWORD 'secret'");
    }
  }

  @Test
  void PHX_18_tablesBelongToTheApplicationsRole() throws Exception {
    SchemaRig rig = rig("PostgreSQL").file("V1__note.sql", "CREATE TABLE note (id integer);");

    assertThat(rig.migrate().exit()).isZero();
    assertThat(rig.ask("SELECT tableowner FROM pg_tables WHERE tablename = 'note'"))
        .isEqualTo("app");
  }

  /** It waits for every transaction there is, and Flyway's own lock must not be one. */
  @Test
  void T54_anIndexIsMadeConcurrently() throws Exception {
    SchemaRig rig =
        rig("PostgreSQL")
            .file("V1__note.sql", "CREATE TABLE note (id integer PRIMARY KEY, text text);")
            .file("V2__index.sql", "CREATE INDEX CONCURRENTLY note_text ON note (text);")
            .file("V3__more.sql", "ALTER TABLE note ADD COLUMN more text;");

    assertThat(rig.migrate())
        .returns(ExitCode.DONE, SchemaRig.Said::exit)
        .returns("3", SchemaRig.Said::revision);
    assertThat(rig.ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 'note_text'::regclass"))
        .isEqualTo("t");
    assertThat(rig.migrate()).returns("nothing was to be done", SchemaRig.Said::message);
  }

  /** What is no transaction leaves its beginning behind; it is named, and has a way out. */
  @Test
  void T54_aFileThatIsNoTransactionIsRepairedByHand() throws Exception {
    SchemaRig rig =
        rig("PostgreSQL")
            .file("V1__note.sql", "CREATE TABLE note (id integer PRIMARY KEY, text text);")
            .file("V2__rows.sql", "INSERT INTO note VALUES (1, 'twice'), (2, 'twice');")
            .file("V3__index.sql", "CREATE UNIQUE INDEX CONCURRENTLY note_text ON note (text);");

    assertThat(rig.migrate())
        .returns(ExitCode.REFUSED, SchemaRig.Said::exit)
        .satisfies(said -> assertThat(said.message()).contains("V3__index.sql"));
    assertThat(rig.ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 'note_text'::regclass"))
        .isEqualTo("f");
    assertThat(rig.migrate())
        .returns(ExitCode.REFUSED, SchemaRig.Said::exit)
        .satisfies(
            said -> assertThat(said.message()).contains("Detected failed migration to version 3"));

    rig.run("DROP INDEX note_text");
    rig.run("DELETE FROM note WHERE id = 2");
    assertThat(rig.migrate("--repair"))
        .returns(ExitCode.DONE, SchemaRig.Said::exit)
        .returns("3", SchemaRig.Said::revision);
  }

  /** The lock is there still, though it is no transaction's: two of them do not meet. */
  @Test
  void twoRunsAtOnceEachDoWhatIsLeft() throws Exception {
    SchemaRig rig = rig("PostgreSQL");
    for (int i = 1; i <= 20; i++) {
      rig.file("V%d__t.sql".formatted(i), "CREATE TABLE t%d (id integer);".formatted(i));
    }
    try (ExecutorService both = Executors.newFixedThreadPool(2)) {
      Future<SchemaResult> one = both.submit(() -> rig.flyway().run(false, null));
      Future<SchemaResult> other = both.submit(() -> rig.flyway().run(false, null));
      assertThat(one.get().revision()).isEqualTo("20");
      assertThat(other.get().revision()).isEqualTo("20");
    }
    assertThat(rig.ask("SELECT count(*) FROM flyway_schema_history WHERE success")).isEqualTo("20");
  }

  /** Who waits for a lock makes all others wait behind it: not for long, and another time. */
  @Test
  void aLockThatTheApplicationHoldsIsNotWaitedForWithoutEnd() throws Exception {
    SchemaRig rig =
        rig("PostgreSQL").file("V1__note.sql", "CREATE TABLE note (id integer PRIMARY KEY);");
    assertThat(rig.migrate().exit()).isEqualTo(ExitCode.DONE);
    rig.file("V2__more.sql", "ALTER TABLE note ADD COLUMN more text;");

    try (Connection application = rig.connect();
        Statement statement = application.createStatement()) {
      application.setAutoCommit(false);
      statement.execute("SELECT * FROM note");
      SchemaRig.Said said = rig.migrate();
      assertThat(said).returns(ExitCode.FAILED, SchemaRig.Said::exit);
      assertThat(said.message()).contains("lock timeout");
    }
    assertThat(rig.migrate().exit()).isEqualTo(ExitCode.DONE);
  }
}
