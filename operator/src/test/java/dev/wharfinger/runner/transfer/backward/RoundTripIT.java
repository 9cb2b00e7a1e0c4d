package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forward and back again gives the same storage classes and the same bytes. */
class RoundTripIT {
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

  private static final String SQLITE =
      "CREATE TABLE v (id INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER, big BIGINT, r REAL,"
          + " d DECIMAL(20,4), dt TEXT, b BOOLEAN, word VARCHAR(9), t TEXT, x BLOB, u CHAR(32), ub BLOB,"
          + " ux VARCHAR(36), j TEXT, jb TEXT, ts DATETIME, go DATETIME, iso TEXT, tz TIMESTAMP, ms BIGINT,"
          + " day DATE, clock TIME, e TEXT)";

  private static final String POSTGRESQL =
      "CREATE TABLE v (id serial PRIMARY KEY, n integer, big bigint, r double precision,"
          + " d numeric(20,4), dt numeric, b boolean, word boolean, t text, x bytea, u uuid, ub uuid, ux uuid,"
          + " j json, jb jsonb, ts timestamp, go timestamptz, iso timestamptz, tz timestamptz,"
          + " ms timestamp, day date, clock time, e mood)";

  private static final String[] ROWS = {
    "INSERT INTO v VALUES (1, -5, 9007199254740993, 0.1, 12.5, '1.10', 1, 'True', 'Grüße', x'00ff',"
        + " '0123456789abcdef0123456789abcdef', x'0123456789abcdef0123456789abcdef',"
        + " '01234567-89AB-CDEF-0123-456789ABCDEF', '{\"a\":1, \"a\" : 2}', '{\"a\": 1, \"b\": [1, \"\\u00e9\"]}',"
        + " '2024-02-29 12:00:00.100000', '2024-02-29 12:00:00.1+00:00', '2024-02-29T12:00:00.000Z',"
        + " '2024-02-29 12:00:00', 1709208000123, '2024-02-29', '23:59:59.000000', 'sad')",
    "INSERT INTO v VALUES (7, 2147483647, -9223372036854775808, 1e308, 3, '0', 0, 'False', '', x'',"
        + " 'ffffffffffffffffffffffffffffffff', x'ffffffffffffffffffffffffffffffff',"
        + " 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', 'null', '{}',"
        + " '0001-01-01 00:00:00.000000', '1969-12-31 23:59:59+00:00', '9999-12-31T23:59:59.999Z',"
        + " '1970-01-01 00:00:00', 1709208000000, '0001-01-01', '00:00:00.000001', 'happy')",
    "INSERT INTO v (id, r, t) VALUES (8, 0.30000000000000004, '007')",
  };

  private BackwardFixture moved(Path file) throws Exception {
    BackwardFixture fixture = new BackwardFixture(server, directory);
    fixture.file(file, SQLITE).file(file, ROWS);
    fixture.postgres("CREATE TYPE mood AS ENUM ('sad', 'happy')", POSTGRESQL);
    Report forward = fixture.forward(file);
    assertThat(forward.outcome()).as(forward.json().toPrettyString()).isEqualTo("moved");
    return fixture;
  }

  @Test
  void everyTypeComesBackByTheRetainedFile() throws Exception {
    Path file = directory.resolve("retained.db");
    BackwardFixture fixture = moved(file).like(file);
    String before = server.dump(fixture.database);

    Report report = fixture.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(Content.of(fixture.target)).isEqualTo(Content.of(file));
    assertThat(server.dump(fixture.database)).isEqualTo(before);
    assertThat(fixture.files()).containsExactly("app.db", "retained.db");
    assertThat(BackwardFixture.query(fixture.target, "SELECT seq FROM sqlite_sequence"))
        .containsExactly("8");
  }

  @Test
  void rowsInQuarantineAreNamedOnTheWayBack() throws Exception {
    Path file = directory.resolve("retained.db");
    BackwardFixture fixture =
        new BackwardFixture(server, directory).like(file).format("t.v", "integer");
    fixture.file(file, "CREATE TABLE t (v)", "INSERT INTO t VALUES (1), ('one'), ('two')");
    fixture.postgres("CREATE TABLE t (v integer)");
    assertThat(fixture.forward(file, "quarantine=rows").outcome()).isEqualTo("moved");

    Report report = fixture.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(report.json().at("/warnings/0/rule").asText()).isEqualTo("rows-in-quarantine");
    assertThat(report.json().at("/warnings/0/table").asText()).isEqualTo("t");
    assertThat(report.json().at("/warnings/0/count").asLong()).isEqualTo(2);
  }

  @Test
  void whatCameBackCanGoForwardAgain() throws Exception {
    BackwardFixture fixture = moved(directory.resolve("retained.db"));
    fixture.like(directory.resolve("retained.db"));
    assertThat(fixture.run().outcome()).isEqualTo("moved");
    BackwardFixture next = new BackwardFixture(server, directory);
    next.postgres("CREATE TYPE mood AS ENUM ('sad', 'happy')", POSTGRESQL);

    Report again = next.forward(fixture.target);

    assertThat(again.outcome()).as(again.json().toPrettyString()).isEqualTo("moved");
    assertThat(again.json().get("tables")).hasSize(1);
  }

  @Test
  void formatsOfNewRowsAreThoseOfTheOldOnes() throws Exception {
    Path file = directory.resolve("retained.db");
    BackwardFixture fixture = moved(file).like(file);
    fixture.postgres(
        "DELETE FROM v WHERE id < 8",
        "INSERT INTO v (id, word, u, ux, ts, go, iso, tz, ms, clock) VALUES (20, true,"
            + " '00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000a',"
            + " '2025-01-01 00:00:00.12', '2025-01-01 00:00:00.12+02', '2025-01-01 00:00:00+00',"
            + " '2025-01-01 01:00:00+00', '2025-01-01', '01:02:03')");

    assertThat(fixture.run().outcome()).isEqualTo("moved");

    assertThat(
            BackwardFixture.query(
                fixture.target,
                "SELECT word || ' ' || u || ' ' || ux || ' ' || ts || ' ' || go || ' ' || iso || ' '"
                    + " || tz || ' ' || ms || ' ' || clock FROM v WHERE id = 20"))
        .isEqualTo(
            List.of(
                "True 0000000000004000800000000000000a 00000000-0000-4000-8000-00000000000A"
                    + " 2025-01-01 00:00:00.120000 2024-12-31 22:00:00.12+00:00"
                    + " 2025-01-01T00:00:00.000Z 2025-01-01 01:00:00 1735689600000"
                    + " 01:02:03.000000"));
  }

  @Test
  void formatsThatTheMoveForwardRecordedAreEnough() throws Exception {
    Path file = directory.resolve("retained.db");
    BackwardFixture fixture = moved(file);
    // The application's own migrations made this one; it shows nothing.
    fixture.target(SQLITE);

    Report report = fixture.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(Content.of(fixture.target)).isEqualTo(Content.of(file));
  }

  @Test
  void derivedSchemaTakesEverythingOnceFormatsAreKnown() throws Exception {
    BackwardFixture fixture = new BackwardFixture(server, directory);
    fixture.postgres(
        "CREATE TABLE p (id serial PRIMARY KEY, name varchar(20) UNIQUE NOT NULL, at timestamptz,"
            + " price numeric, ok boolean, doc jsonb, u uuid)",
        "CREATE TABLE c (a integer, b integer REFERENCES p (id) ON DELETE CASCADE, PRIMARY KEY (a, b))",
        "CREATE INDEX by_at ON p (at)",
        "INSERT INTO p VALUES (41, 'x', '2024-01-01 00:00:00+00', 1.10, true, '{\"k\":1}',"
            + " '00000000-0000-4000-8000-00000000000a')",
        "INSERT INTO c VALUES (1, 41)",
        "SELECT setval('p_id_seq', 99)");
    assertThat(BackwardFixture.rules(fixture.run()))
        .containsExactly("p.at format-ambiguous 1", "p.u format-ambiguous 1");
    fixture.format("p.at", "YYYY-MM-DD HH:MM:SS.ffffff").format("*", "uuid-36");

    Report report = fixture.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(Content.of(fixture.target).get("p"))
        .containsExactly(
            "integer:41|text:'x'|text:'2024-01-01 00:00:00.000000'|text:'1.10'|integer:1|"
                + "text:'{\"k\": 1}'|text:'00000000-0000-4000-8000-00000000000a'");
    assertThat(BackwardFixture.query(fixture.target, "SELECT seq FROM sqlite_sequence"))
        .containsExactly("99");
    assertThat(
            BackwardFixture.query(
                fixture.target, "SELECT \"table\" FROM pragma_foreign_key_list('c')"))
        .containsExactly("p");
  }
}
