package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever the way forward makes of a value: in a row that nobody changed it comes back as it was.
 */
class SpellingsIT {
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

  private Path file() {
    return directory.resolve("retained.db");
  }

  /** One column and a key, moved forward. */
  private BackwardFixture moved(
      String declared, String type, List<String> values, String... policies) throws Exception {
    BackwardFixture fixture = new BackwardFixture(server, directory).like(file());
    fixture.file(file(), "CREATE TABLE m (id INTEGER PRIMARY KEY, v " + declared + ")");
    for (String value : values) {
      fixture.file(file(), "INSERT INTO m (v) VALUES (" + value + ")");
    }
    fixture.postgres(
        "CREATE TYPE mood AS ENUM ('sad', 'happy')",
        "CREATE DOMAIN host AS inet",
        "CREATE TABLE m (id bigint PRIMARY KEY, v " + type + ")");
    Report forward = fixture.forward(file(), policies);
    assertThat(forward.outcome()).as(forward.json().toPrettyString()).isEqualTo("moved");
    return fixture;
  }

  private static List<String> literals(String values) {
    List<String> literals = new ArrayList<>();
    for (String value : values.split(" ; ", -1)) {
      String text = value.strip();
      boolean plain = text.matches("NULL|x'.*'|-?\\d+(\\.\\d+)?|CAST.*");
      literals.add(plain ? text : "'" + text.replace("'", "''") + "'");
    }
    return literals;
  }

  private static void came(Report report) {
    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "TEXT | inet | 10.0.0.1 ; EMPTY ; ::1 ; 10.0.0.1/32 ; 2001:DB8::1/64 ; NULL",
        "TEXT | cidr | 10 ; 10.0.0.1 ; EMPTY ; 10.0.0.0/8 ; 192.168.1",
        "TEXT | macaddr | 08-00-2B-01-02-03 ; 08:00:2b:01:02:03 ; 0800.2b01.0203 ; EMPTY",
        "TEXT | macaddr8 | 08-00-2B-01-02-03-04-05 ; 08:00:2b:01:02:03",
        "TEXT | host | 10.0.0.1/32 ; EMPTY",
        "TEXT | interval | 1 day 02:03:04 ; P1DT2H ; 1 year 2 mons ; EMPTY ; 1970-01-02 00:00:00.500000",
        "TEXT | uuid | 00000000-0000-4000-8000-00000000000A ; 0000000000004000800000000000000b ; EMPTY",
        "TEXT | boolean | yes ; F ; 1 ; EMPTY ; true",
        " | boolean | 1 ; yes ; 0.0 ; x'01'",
        "TEXT | integer | 007 ; 5 ; EMPTY ; 1.0",
        " | double precision | 1 ; 1.0 ; 2.50 ; x1 ; EMPTY",
        "TEXT | numeric | -0.0 ; 1.10 ; 1e2 ; .5 ; EMPTY ; +7",
        "TEXT | numeric(8,3) | 1.1 ; 1.100 ; 001",
        "TEXT | date | 2024-01-02T00:00:00Z ; 2024-01-02 ; 2024-01-02 00:00:00 ; EMPTY",
        "TEXT | date | 2024-01-02T00:00:00Z ; 2024-01-03T00:00:00Z",
        "TEXT | time | 07:30 ; 07:30:00 ; 2000-01-01 07:30:00 ; EMPTY",
        "TEXT | timestamp | 2024-01-02 ; 2024-01-02T03:04:05+02:00 ; 2024-01-02 03:04:05.100 ; EMPTY",
        "TEXT | jsonb | {\"b\":-0.0, \"a\" : 1} ; -0 ; null ; EMPTY",
        "JSON | json | {\"b\":-0.0, \"a\" : 1} ; 5 ; 1.50",
        "TEXT | char(4) | ab ; abcd ; EMPTY",
        "TEXT | mood | SAD ; happy ; Sad",
        " | text | x ; 12 ; 1.5 ; x'41' ; EMPTY",
        " | bytea | x ; x'00ff' ; EMPTY",
      })
  void comesBackByTheOldFile(String declared, String type, String values) throws Exception {
    List<String> literals = literals(values.replace("EMPTY", ""));
    literals.remove(type.equals("double precision") ? "'x1'" : "");
    BackwardFixture fixture = moved(declared == null ? "" : declared, type, literals);

    came(fixture.run());

    assertThat(Content.of(fixture.target)).isEqualTo(Content.of(file()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "TEXT | bit(3) | 101 ; EMPTY",
        "TEXT | varbit | 101 ; EMPTY",
        " | money | 1.00 ; 1.5 ; -0.0 ; 3",
        "TEXT | integer[] | [1, 2, null] ; {3,4} ; [] ; {} ; EMPTY",
        "TEXT | double precision[] | [-0.0, 1.50] ; {-0.0}",
        "TEXT | numeric[] | [-0.0, 1.50] ; {1.50}",
        "TEXT | text[] | [\"a\", null] ; {a,\"b c\"}",
        "TEXT | timestamp[] | [\"2024-01-02T03:04:05+02:00\"]",
        "TEXT | bytea[] | [\"\\\\x00ff\"] ; {\"\\\\x00\"}",
        "TEXT | jsonb[] | [{\"b\":1,\"a\":2}, 5]",
        "TEXT | inet[] | [\"10.0.0.1\"] ; {10.0.0.1/32}",
        "TEXT | int4range | [1,5] ; [1,5) ; empty ; EMPTY",
        "TEXT | tsrange | [2024-01-01 00:00,2024-01-02 00:00)",
        "TEXT | tsvector | b a ; EMPTY",
        "TEXT | xml | <a  b='c'/>",
        "TEXT | point | (1.5,-2e3) ; -0,0.1",
        "TEXT | timetz | 12:34 ; 12:34:56.500+02",
        "TEXT | interval | 1 day ; P1DT2H ; 1 year 2 mons",
        "TEXT | pg_lsn | 016/B374D848",
      })
  void comesBackByTheOldFileWhereSqliteHasNoSuchType(String declared, String type, String values)
      throws Exception {
    List<String> literals = literals(values.replace("EMPTY", ""));
    BackwardFixture fixture = moved(declared == null ? "" : declared, type, literals);

    came(fixture.format("m.v", "text").run());

    assertThat(Content.of(fixture.target)).isEqualTo(Content.of(file()));
  }

  @Test
  void whatHasChangedSinceIsAsPostgresqlWritesIt() throws Exception {
    BackwardFixture fixture =
        moved("TEXT", "cidr", List.of("'10'", "'11.0.0.0/8'", "'10'", "''", "'12'"));
    fixture.postgres(
        "UPDATE m SET v = '13.0.0.0/8' WHERE id = 3",
        "UPDATE m SET v = '14.0.0.0/8' WHERE id = 4",
        "UPDATE m SET v = NULL WHERE id = 5",
        "INSERT INTO m VALUES (9, '10.0.0.0/8')");

    Report report = fixture.run();

    came(report);
    assertThat(BackwardFixture.query(fixture.target, "SELECT coalesce(v, 'none') FROM m"))
        .containsExactly("10", "11.0.0.0/8", "13.0.0.0/8", "14.0.0.0/8", "none", "10.0.0.0/8");
    assertThat(report.json().at("/tables/0/columns/1/rules/as-postgresql-writes-it").asLong())
        .isEqualTo(3);
    assertThat(report.json().at("/tables/0/columns/1/rules/as-the-file-has-it").asLong())
        .isEqualTo(2);
  }

  @Test
  void rowsOfTheFileThatTheServerCannotReadAreNoneOfItsRows() throws Exception {
    BackwardFixture fixture =
        moved("TEXT", "cidr", List.of("'10'", "'nowhere'", "'11'"), "quarantine=rows");

    came(fixture.run());

    assertThat(BackwardFixture.query(fixture.target, "SELECT v FROM m"))
        .containsExactly("10", "11");
  }

  @Test
  void aDryRunCountsNoRowThatIsOnlySpeltOtherwise() throws Exception {
    BackwardFixture fixture = moved("TEXT", "cidr", List.of("'10'", "''", "'11'"));
    fixture.postgres("UPDATE m SET v = '12' WHERE id = 3");

    Report report = fixture.run(true);

    assertThat(report.json().at("/tables/0/onlyInPostgresql").asLong()).isEqualTo(1);
    assertThat(report.json().at("/tables/0/onlyInFile").asLong()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "DATETIME | timestamp(3) | epoch-unit=milliseconds | 1704164645600 ; 2024-01-02 03:04:05",
        "TEXT | timestamp | time-precision=round | 2024-01-02 03:04:05.123456789 ; 2024-01-02 03:04:05",
        "TEXT | timestamp | zero-date=null | 0000-00-00 00:00:00 ; 2024-01-02 03:04:05",
        "TEXT | timestamptz | source-time-zone=Europe/Berlin | 2024-07-02 03:04:05",
        "INTEGER | boolean | boolean-number=nonzero-is-true | 5 ; 1 ; 0",
        "TEXT | text | nul-in-text=strip | CAST(x'410042' AS TEXT) ; AB",
        "TEXT | text | bytes-in-text=hex | x'0041' ; AB",
        "TEXT | jsonb | invalid-json=string | plain ; {\"a\":1}",
        "TEXT | numeric(6,2) | inexact-number=allow | 1.239 ; 1.24",
        "TEXT | integer not null | empty-text=zero | EMPTY ; 7",
      })
  void whatAPolicyChangedComesBackToo(String declared, String type, String policy, String values)
      throws Exception {
    List<String> literals = literals(values.replace("EMPTY", ""));
    BackwardFixture fixture = moved(declared, type, literals, policy);

    came(fixture.run());

    assertThat(Content.of(fixture.target)).isEqualTo(Content.of(file()));
  }

  /** What a driver reads of it would be another text, and no more what the file has. */
  @Test
  void brokenTextDoesNotComeBackUnderItsName() throws Exception {
    BackwardFixture fixture =
        moved(
            "TEXT",
            "text",
            List.of("CAST(x'41ff' AS TEXT)", "'AB'", "CAST(x'efbfbd' AS TEXT)"),
            "invalid-utf-8=replace");

    assertThat(BackwardFixture.rules(fixture.run())).containsExactly("m.v format-mixed 1");
  }

  /** As Prisma's client and the default of its own schema write a time. */
  private BackwardFixture prisma() throws Exception {
    BackwardFixture fixture = new BackwardFixture(server, directory).like(file());
    String books = "(id text primary key not null, migration_name text not null)";
    fixture.file(
        file(),
        "CREATE TABLE _prisma_migrations " + books,
        "INSERT INTO _prisma_migrations VALUES ('a', 'init')",
        "CREATE TABLE \"U\" (id INTEGER PRIMARY KEY, c DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP)",
        "INSERT INTO \"U\" VALUES (1, 1704164645600), (2, 1704164645601), (3, '2024-01-02 03:04:05')");
    fixture.postgres(
        "CREATE TABLE _prisma_migrations " + books,
        "INSERT INTO _prisma_migrations VALUES ('b', 'init')",
        "CREATE TABLE \"U\" (id serial PRIMARY KEY, c timestamp(3) NOT NULL)");
    came(fixture.forward(file()));
    return fixture;
  }

  @Test
  void numbersAndTextsOfOneTimeColumnComeBackEachAsItWas() throws Exception {
    BackwardFixture fixture = prisma();

    came(fixture.run());

    assertThat(Content.of(fixture.target)).isEqualTo(Content.of(file()));
  }

  @Test
  void onlyWhatHasChangedSinceNeedsAFormat() throws Exception {
    BackwardFixture fixture = prisma();
    fixture.postgres("UPDATE \"U\" SET c = '2025-01-01' WHERE id = 3");

    Report refused = fixture.run();

    assertThat(BackwardFixture.rules(refused)).containsExactly("U.c format-mixed 1");
    assertThat(refused.json().at("/findings/0/detail").asText())
        .contains("2 of 3 as epoch-milliseconds");

    came(fixture.format("U.c", "majority").run());
    assertThat(BackwardFixture.query(fixture.target, "SELECT c FROM U"))
        .containsExactly("1704164645600", "1704164645601", "1735689600000");
  }

  private static List<String> warnings(Report report) {
    List<String> warnings = new ArrayList<>();
    report
        .json()
        .path("warnings")
        .forEach(one ->
            warnings.add(
                one.path("column").asText()
                    + " "
                    + one.path("rule").asText()
                    + " "
                    + one.path("count").asLong()));
    return warnings;
  }

  /** The file as the application's own migrations make it. */
  private void withoutRows(BackwardFixture fixture, String declared) throws Exception {
    Path empty = directory.resolve("empty.db");
    fixture.file(empty, "CREATE TABLE m (id INTEGER PRIMARY KEY, v " + declared + ")");
    fixture.like(empty);
  }

  @Test
  void withoutItsRowsAFileThatWasMixedNeedsADecision() throws Exception {
    BackwardFixture fixture = moved("", "text", List.of("1", "2", "'one'", "x'41'"));
    withoutRows(fixture, "");

    assertThat(BackwardFixture.rules(fixture.run())).containsExactly("m.v format-mixed 4");

    Report report = fixture.format("m.v", "text").run();
    came(report);
    assertThat(warnings(report)).containsExactly("v storage-class-not-kept 3");
  }

  @Test
  void emptyTextsThatNobodyCanFindAgainAreCounted() throws Exception {
    BackwardFixture fixture = moved("TEXT", "numeric", List.of("''", "' '", "'1.5'", "NULL"));
    withoutRows(fixture, "TEXT");

    Report report = fixture.run();

    came(report);
    assertThat(warnings(report)).containsExactly("v empty-text-not-kept 2");
  }

  @Test
  void emptyTextsOfATableWithoutAKeyAreCounted() throws Exception {
    BackwardFixture fixture = new BackwardFixture(server, directory).like(file());
    fixture.file(file(), "CREATE TABLE m (v TEXT)", "INSERT INTO m VALUES (''), ('10.0.0.1')");
    fixture.postgres("CREATE TABLE m (v inet)");
    came(fixture.forward(file()));

    Report report = fixture.run();

    came(report);
    assertThat(warnings(report)).containsExactly("v empty-text-not-kept 1");
  }

  @Test
  void bytesAndTextsOfOneColumnGoIntoAColumnMadeForThemAndBack() throws Exception {
    BackwardFixture fixture = new BackwardFixture(server, directory).like(file());
    fixture.file(
        file(),
        "CREATE TABLE m (id INTEGER PRIMARY KEY, v BLOB)",
        "INSERT INTO m (v) VALUES (x'00ff'), ('text'), (x'41'), (''), (x''), (NULL)");
    came(fixture.forward(file()));

    came(fixture.run());

    assertThat(Content.of(fixture.target)).isEqualTo(Content.of(file()));
  }

  @Test
  void whereTheRowsAreThereNothingIsWarnedOf() throws Exception {
    BackwardFixture fixture = moved("", "text", List.of("1", "2", "'one'", "x'41'", "''"));

    Report report = fixture.run();

    came(report);
    assertThat(warnings(report)).isEmpty();
  }
}
