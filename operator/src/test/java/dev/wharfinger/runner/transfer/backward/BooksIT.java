package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.Policies;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Into a file that the tool's migrations have just made, from a PostgreSQL that no move has filled:
 * only the table in which the tool keeps its books tells how it writes.
 */
class BooksIT {
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

  /** A tool, its books, and a table with the values as it writes them. */
  private record Tool(
      String books, String revision, String sqlite, String postgres, String... rows) {
    @Override
    public String toString() {
      return books.replaceAll(" .*", "");
    }
  }

  private static Stream<Tool> tools() {
    return Stream.of(
        new Tool(
            "alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)",
            "('4aad9107d196')",
            "made DATETIME, seen TIMESTAMP, clock TIME, day DATE, lasts DATETIME, u CHAR(32),"
                + " live BOOLEAN, price NUMERIC(12, 2), doc JSON",
            "made timestamp, seen timestamptz, clock time, day date, lasts interval, u uuid,"
                + " live boolean, price numeric(12, 2), doc json",
            "'2024-02-29 12:00:00.120000', '2024-02-29 12:00:00.000000', '01:02:03.000000',"
                + " '2024-02-29', '1970-01-03 00:00:05.000007', '0123456789abcdef0123456789abcdef',"
                + " 1, 10.5, '{\"a\": 1}'",
            "'1969-12-31 23:59:59.000000', '2024-02-29 12:00:00.999999', '00:00:00.000001',"
                + " '9999-12-31', '1969-12-31 21:00:00.000000', NULL, 0, 1, 'null'"),
        new Tool(
            "django_migrations (id integer PRIMARY KEY, app varchar(255), name varchar(255))",
            "(1, 'shop', '0001_initial')",
            "made datetime, clock time, day date, lasts bigint, u char(32), live bool,"
                + " price decimal, doc text",
            "made timestamptz, clock time, day date, lasts interval, u uuid, live boolean,"
                + " price numeric(8, 2), doc jsonb",
            "'2024-02-29 12:00:00.120000', '01:02:03', '2024-02-29', 172805000007,"
                + " '0123456789abcdef0123456789abcdef', 1, 10.5, '{\"a\": [1, 2]}'",
            "'2024-02-29 12:00:00', '01:02:03.000004', NULL, -1, NULL, 0, 3, NULL"),
        new Tool(
            "_prisma_migrations (id TEXT PRIMARY KEY NOT NULL, checksum TEXT NOT NULL,"
                + " migration_name TEXT NOT NULL)",
            "('8d7a', 'c1', '20240102030405_init')",
            "\"createdAt\" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, u TEXT, \"isActive\" BOOLEAN,"
                + " score REAL, settings JSONB",
            "\"createdAt\" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, u uuid, \"isActive\" boolean,"
                + " score double precision, settings jsonb",
            "1704164645678, '0f8fad5b-d9cb-469f-a165-70867728950e', 1, 0.1, '{\"theme\": \"dark\"}'",
            "-1, NULL, 0, 3.0, NULL"),
        new Tool(
            "__diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL)",
            "('20180114171611')",
            "created_at DATETIME NOT NULL, updated_at TIMESTAMP, opens TIME, day DATE,"
                + " enabled BOOLEAN NOT NULL",
            "created_at timestamp NOT NULL, updated_at timestamp, opens time, day date,"
                + " enabled boolean NOT NULL",
            "'2024-01-02 03:04:05.123456', '2024-01-02 03:04:05', '03:04:05.500', '2024-01-02', 1",
            "'2024-01-02 03:04:05.120', NULL, '03:04:05', NULL, 0"),
        new Tool(
            "seaql_migrations (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL)",
            "('m20240101_000001_create', 1704164645)",
            "u uuid_text, baked_at timestamp_text, eaten_at timestamp_with_timezone_text,"
                + " day date_text, at time_text, fresh boolean",
            "u uuid, baked_at timestamp, eaten_at timestamptz, day date, at time, fresh boolean",
            "x'0f8fad5bd9cb469fa16570867728950e', '2024-01-02 03:04:05.123456',"
                + " '2024-01-02T03:04:05.500+00:00', '2024-01-02', '03:04:05', 1",
            "NULL, '2024-01-02 03:04:05', '2024-01-02T03:04:05+00:00', NULL, '03:04:05.120', 0"),
        new Tool(
            "_sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL)",
            "(20240101000000, 'create')",
            "u BLOB, made TEXT, seen DATETIME, at TIME, done BOOLEAN",
            "u uuid, made timestamp, seen timestamptz, at time, done boolean",
            "x'0f8fad5bd9cb469fa16570867728950e', '2024-01-02 03:04:05.123456',"
                + " '2024-01-02T03:04:05.123+00:00', '03:04:05.500', 1",
            "NULL, '2024-01-02 03:04:05', '2024-01-02T03:04:05+00:00', '03:04:05', 0"),
        new Tool(
            "ar_internal_metadata (key varchar NOT NULL PRIMARY KEY, value varchar)",
            "('environment', 'production')",
            "born_on date, wakes_at time, admin boolean, balance decimal(10,2), token varchar(36),"
                + " created_at datetime(6) NOT NULL",
            "born_on date, wakes_at time, admin boolean, balance numeric(10,2), token uuid,"
                + " created_at timestamp(6) NOT NULL",
            "'2000-02-29', '2000-01-01 07:30:00', 1, 1234.5,"
                + " '0f8fad5b-d9cb-469f-a165-70867728950e', '2024-01-02 03:04:05.678901'",
            "NULL, '2000-01-01 07:30:00.500000', 0, 2, NULL, '2024-01-02 03:04:05'"),
        new Tool(
            "goose_db_version (id INTEGER PRIMARY KEY, version_id BIGINT NOT NULL)",
            "(1, 20240101000000)",
            "created_at DATETIME, done BOOLEAN, payload BLOB",
            "created_at timestamptz, done boolean, payload bytea",
            "'2024-01-02 03:04:05.12+00:00', 1, x'00ff'",
            "'2024-01-02 03:04:05+00:00', 0, x''"),
        new Tool(
            "gorp_migrations (id varchar(255) NOT NULL PRIMARY KEY, applied_at datetime)",
            "('1_init.sql', NULL)",
            "created_at datetime, score real",
            "created_at timestamptz, score double precision",
            "'2024-01-02 03:04:05.123456+00:00', 0.1",
            "'2024-01-02 03:04:05.1+00:00', 2.0"));
  }

  @ParameterizedTest
  @MethodSource("tools")
  void PHX_30_theBooksOfEachToolTellHowItWrites(Tool tool) throws Exception {
    Path file = directory.resolve("application.db");
    Path fresh = directory.resolve("fresh.db");
    BackwardFixture fixture = new BackwardFixture(server, directory).like(fresh);
    String books = "CREATE TABLE " + tool.books();
    String revision = "INSERT INTO " + tool.toString() + " VALUES " + tool.revision();
    String table = "CREATE TABLE thing (id INTEGER PRIMARY KEY, ";
    for (Path one : new Path[] {file, fresh}) {
      fixture.file(one, books, revision, table + tool.sqlite() + ")");
    }
    for (int i = 0; i < tool.rows().length; i++) {
      fixture.file(file, "INSERT INTO thing VALUES (" + (i + 1) + ", " + tool.rows()[i] + ")");
    }
    fixture.postgres(
        books.replace("DATETIME", "timestamp").replace("datetime", "timestamp"),
        revision,
        "CREATE TABLE thing (id bigint PRIMARY KEY, " + tool.postgres() + ")");
    moved(fixture.forward(file, false, Policies.NONE));
    fixture.postgres("DROP SCHEMA wharfinger CASCADE");

    moved(fixture.run());

    assertThat(Content.of(fixture.target)).isEqualTo(Content.of(file));
  }

  private static void moved(Report report) {
    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
  }
}
