package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetCatalog;
import dev.wharfinger.runner.transfer.sqlite.SourceCatalog;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A dry run asks the server what cannot be proven, and nothing else. */
class DoubtsIT {
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

  private TransferFixture fixture() throws Exception {
    return new TransferFixture(server, directory);
  }

  /** What is unique to SQLite, by a key of its own, and not to PostgreSQL. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "k UNIQUE                ~ (1, 1, 0), (2, '1', 0)                ~ k text UNIQUE ~",
        "k UNIQUE                ~ (1, 1, 0), (2, '1', 0)                ~ k integer UNIQUE ~",
        "k UNIQUE                ~ (1, 1, 0), (2, '1', 0)                ~ k numeric UNIQUE ~",
        "k text UNIQUE           ~ (1, '1.0', 0), (2, '1.00', 0)         ~ k numeric UNIQUE ~",
        "k text UNIQUE           ~ (1, 'a', 0), (2, 'A', 0)              ~ k citext UNIQUE ~",
        "k text UNIQUE           ~ (1, 'a', 0), (2, 'A', 0)              ~ k text COLLATE same UNIQUE ~",
        "k text UNIQUE           ~ (1, 'a', 0), (2, 'a ', 0)             ~ k char(2) UNIQUE ~",
        "k text UNIQUE           ~ (1, 'a', 0), (2, 'a' || char(0), 0)   ~ k text UNIQUE ~",
        "k text UNIQUE           ~ (1, '2024-01-02 00:00', 0), (2, '2024-01-02T00:00', 0) ~ k timestamp UNIQUE ~",
        "k text UNIQUE           ~ (1, '2024-01-02 00:00:00', 0), (2, '2024-01-02 00:00:00.0000001', 0) ~ k timestamp UNIQUE ~",
        "k text UNIQUE           ~ (1, '00010203-0405-0607-0809-0a0b0c0d0e0f', 0), (2, '000102030405060708090A0B0C0D0E0F', 0) ~ k uuid UNIQUE ~",
        "k text UNIQUE           ~ (1, 'yes', 0), (2, 'true', 0)         ~ k boolean UNIQUE ~",
        "k text UNIQUE           ~ (1, 'a', 0), (2, 'A', 0)              ~ k text ~ lower(k)",
        "k integer UNIQUE        ~ (1, NULL, 0), (2, NULL, 0)            ~ k integer, UNIQUE NULLS NOT DISTINCT (k) ~",
      })
  void aKeyThatHoldsHereAndNotThere(
      String source, String rows, String target, @Nullable String more) throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, " + source + ", v)",
                "INSERT INTO t VALUES " + rows)
            .target(
                "CREATE EXTENSION citext",
                "CREATE COLLATION same (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "CREATE TABLE t (id integer PRIMARY KEY, v integer, " + target + ")");
    if (source.startsWith("k text")) {
      f.policy("nul-in-text@t.k=strip").policy("time-precision@t.k=round");
    }
    if (more != null) {
      f.target("CREATE UNIQUE INDEX ON t (" + more + ")");
    }

    Report report = f.dryRun();

    assertThat(report.json().path("findings").findValuesAsText("rule"))
        .as(report.json().toPrettyString())
        .containsExactly("duplicate-key");
    assertThat(report.json().at("/findings/0/rowids").toString()).isEqualTo("[1,2]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "CREATE UNIQUE INDEX u ON t (k) WHERE v = 1 ~ CREATE UNIQUE INDEX ON t (k)",
        "CREATE UNIQUE INDEX u ON t (k, v)          ~ CREATE UNIQUE INDEX ON t (k)",
        "CREATE UNIQUE INDEX u ON t (k + v)         ~ CREATE UNIQUE INDEX ON t (k)",
        "CREATE INDEX u ON t (k)                    ~ CREATE UNIQUE INDEX ON t (k) WHERE v < 9",
      })
  void anIndexOfTheSourceThatSaysLess(String source, String target) throws Exception {
    Report report =
        fixture()
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, k integer, v integer)",
                "INSERT INTO t VALUES (1, 5, 1), (2, 5, 2), (3, 6, 3)",
                source)
            .target("CREATE TABLE t (id integer PRIMARY KEY, k integer, v integer)", target)
            .dryRun();

    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("duplicate-key");
    assertThat(report.json().at("/findings/0/rowids").toString()).isEqualTo("[1,2]");
  }

  @Test
  void aUniqueTextThatIsTooLongForAnIndex() throws Exception {
    Report report =
        fixture()
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, v text UNIQUE)",
                "INSERT INTO t VALUES (1, 'short'), (2, hex(randomblob(5000)))")
            .target("CREATE TABLE t (id integer PRIMARY KEY, v text UNIQUE)")
            .dryRun();

    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("index-row-too-large");
    assertThat(report.json().at("/findings/0/rowids").toString()).isEqualTo("[2]");
  }

  @Test
  void aCharacterThatTheServerHasNot() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, v text, w text)",
                "CREATE TABLE u (id integer PRIMARY KEY, v text UNIQUE)",
                "INSERT INTO t VALUES (1, 'a', '☕'), (7, '☕', 'b'), (8, 'c', NULL), (9, 'd', '☕')",
                "INSERT INTO u VALUES (1, 'twice'), (2, 'Twice')");
    server.admin("postgres", "DROP DATABASE " + f.database);
    server.admin(
        "postgres",
        "CREATE DATABASE "
            + f.database
            + " OWNER app ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    f.target(
        "CREATE TABLE t (id integer PRIMARY KEY, v text, w text)",
        "CREATE TABLE u (id integer PRIMARY KEY, v text)",
        "CREATE UNIQUE INDEX ON u (lower(v))");

    for (Report report : new Report[] {f.dryRun(), f.run()}) {
      assertThat(report.outcome()).as(report.message()).isEqualTo("refused");
      assertThat(named(report))
          .containsExactlyInAnyOrder(
              "t.w rejected-by-server-22P05 [1,9]",
              "t.v rejected-by-server-22P05 [7]",
              "u.lower(v) duplicate-key [1,2]");
    }
  }

  /** An error in the middle of a domain's own check is of that row, too. */
  @Test
  void aValueThatADomainCannotCheck() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, v text)",
                "INSERT INTO t VALUES (1, '2024-01-01'), (2, 'a'), (3, 'b')")
            .target(
                "CREATE DOMAIN strict AS text CHECK (length(VALUE) / (ascii(VALUE) - 97) > -9)",
                "CREATE TABLE t (id integer PRIMARY KEY, v strict)");

    Report report = f.run();

    assertThat(report.outcome()).as(report.message()).isEqualTo("refused");
    assertThat(named(report)).containsExactly("t.v rejected-by-server-22012 [2]");
  }

  private static List<String> named(Report report) {
    List<String> all = new ArrayList<>();
    report
        .json()
        .path("findings")
        .forEach(f ->
            all.add(
                "%s.%s %s %s"
                    .formatted(
                        f.path("table").asText(),
                        f.path("column").asText(),
                        f.path("rule").asText(),
                        f.path("rowids"))));
    return all;
  }

  /** Without temporary tables nothing can be asked, and a note says so. */
  @Test
  void whatIsProvenIsNotAsked() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE p (id integer PRIMARY KEY, name text COLLATE NOCASE UNIQUE, u blob UNIQUE)",
                "CREATE TABLE c (a integer, b text, p integer, at text, PRIMARY KEY (a, b)) WITHOUT ROWID",
                "INSERT INTO p VALUES (1, 'x', x'000102030405060708090a0b0c0d0e0f'), (2, NULL, NULL)",
                "INSERT INTO c VALUES (1, 'x', 1, '2024-01-02 03:04:05'), (1, 'y', NULL, NULL)")
            .target(
                "CREATE TABLE p (id bigint PRIMARY KEY, name varchar(9) UNIQUE, u uuid UNIQUE)",
                "CREATE TABLE c (a integer, b text, p bigint REFERENCES p, at timestamp,"
                    + " PRIMARY KEY (b, a))",
                "CREATE UNIQUE INDEX ON c (b, at, a) WHERE p > 0",
                "CREATE INDEX ON c (p)");
    server.admin("postgres", "REVOKE TEMPORARY ON DATABASE " + f.database + " FROM PUBLIC, app");

    Report report = f.dryRun();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("planned");
    assertThat(report.json().path("notes")).isEmpty();
  }

  /** The file of a copy shrinks at once, and not only at the end of the transaction. */
  @Test
  void aCopyGivesItsRoomBack() throws Exception {
    TransferFixture f =
        fixture()
            .source("CREATE TABLE t (v integer)", "INSERT INTO t VALUES (1), (2)")
            .target("CREATE TABLE t (v integer)");
    SourceDatabase source = SourceDatabase.open(f.file);
    try (Connection connection = server.connect(f.database)) {
      Mapping mapping = new Mapping(source, new Findings(), Policies.NONE, false);
      mapping.build(SourceCatalog.read(source), TargetCatalog.read(connection));
      TableMapping table = mapping.tables.getFirst();
      new RowPump(source, rows -> {}).plan(table, new Findings());
      Loader.settings(connection);
      Copy copy = new Copy(connection, source, table, 1);
      copy.fill(new Findings(), rows -> {});
      copy.find("SELECT nothing FROM " + copy.sql(), new Findings(), "", "", "");
      String file = "SELECT pg_relation_filenode(%s)".formatted(Sql.literal(copy.sql()));
      String size = "SELECT pg_relation_size(%s)".formatted(Sql.literal(copy.sql()));
      long before = Sql.number(connection, file);
      assertThat(Sql.number(connection, size)).isPositive();

      copy.free();

      assertThat(Sql.number(connection, size)).isZero();
      assertThat(Sql.number(connection, file)).isEqualTo(before);
    } finally {
      source.closeCopy();
    }
  }
}
