package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What arrives, and what is refused, type by type, through a real server. */
class ValuesIT {
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
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "integer; 1; bigint; 1",
        "integer; -9223372036854775808; bigint; -9223372036854775808",
        "integer; 9223372036854775807; bigint; 9223372036854775807",
        "text; ' 42 '; integer; 42",
        "text; '7.0'; integer; 7",
        "; 3.0; integer; 3",
        "; 'true'; integer; 1",
        "; ''; integer; ∅",
        "; 1; boolean; t",
        "; 'No'; boolean; f",
        "; x'01'; boolean; t",
        "text; 'Zoë'; varchar(3); Zoë",
        "; 12; text; 12",
        "; 0.30000000000000004; text; 0.30000000000000004",
        "; 0.30000000000000004; double precision; 0.30000000000000004",
        "; 9e999; double precision; Infinity",
        "; 0.5; real; 0.5",
        "; 1152921504606846976; double precision; 1.152921504606847e+18",
        "; -9223372036854775808; double precision; -9.223372036854776e+18",
        "text; '0.30000000000000004'; double precision; 0.30000000000000004",
        "text; '1.500000000000000000000'; double precision; 1.5",
        "text; '1152921504606846976'; double precision; 1.152921504606847e+18",
        "text; '0.25'; real; 0.25",
        "; 'ab'; char(4); ab  ",
        "; 1.10; numeric(6,2); 1.10",
        "text; '-12345678901234567890.0001'; numeric; -12345678901234567890.0001",
        "text; '1e3'; numeric; 1000",
        "; 0; numeric; 0",
        "; x'00ff'; bytea; \\x00ff",
        "text; 'aGk='; bytea; \\x61476b3d",
        "; x'000102030405060708090a0b0c0d0e0f'; uuid; 00010203-0405-0607-0809-0a0b0c0d0e0f",
        "text; '000102030405060708090A0B0C0D0E0F'; uuid; 00010203-0405-0607-0809-0a0b0c0d0e0f",
        "text; '{00010203-0405-0607-0809-0a0b0c0d0e0f}'; uuid; 00010203-0405-0607-0809-0a0b0c0d0e0f",
        "json; '{\"b\":1, \"a\":2}'; json; {\"b\":1, \"a\":2}",
        "text; '{\"b\":1.50, \"a\":[null]}'; jsonb; {\"a\": [null], \"b\": 1.50}",
        "json; 2.5; jsonb; 2.5",
        "; jsonb('[1,2]'); jsonb; [1, 2]",
        "text; 'null'; jsonb; null",
        "text; '2024-01-02 03:04:05.123456'; timestamp; 2024-01-02 03:04:05.123456",
        "text; '2024-01-02T03:04:05+02:00'; timestamp; 2024-01-02 01:04:05",
        "text; '2024-01-02T03:04:05-0230'; timestamptz; 2024-01-02 05:34:05+00",
        "text; '2024-01-02 03:04'; timestamptz; 2024-01-02 03:04:00+00",
        "text; '2024-01-02 03:04:05,012345000 UTC'; timestamp; 2024-01-02 03:04:05.012345",
        "text; '0001-01-01'; timestamp; 0001-01-01 00:00:00",
        "; 1704164645; timestamp; 2024-01-02 03:04:05",
        "; 1704164645123; timestamptz; 2024-01-02 03:04:05.123+00",
        "; 1704164645.25; timestamp; 2024-01-02 03:04:05.25",
        "; 2460311.5; timestamp; 2024-01-02 00:00:00",
        "text; '2024-01-02'; date; 2024-01-02",
        "text; '2024-01-02 00:00:00'; date; 2024-01-02",
        "text; '1969-12-31'; date; 1969-12-31",
        "text; '23:59:59.5'; time; 23:59:59.5",
        "text; 'Happy'; mood; happy",
        "text; 'AB'; label; AB",
      })
  void CLO_26_valueArrives(String declared, String value, String type, String expected)
      throws Exception {
    TransferFixture f = one(declared, value, type);

    assertThat(f.run().outcome()).isEqualTo("moved");

    assertThat(f.rows("SELECT v::text FROM t"))
        .isEqualTo(
            type.startsWith("char")
                ? expected.trim()
                : expected.replaceAll("^t$", "true").replaceAll("^f$", "false"));
  }

  private TransferFixture one(String declared, String value, String type) throws Exception {
    return new TransferFixture(server, directory)
        .source(
            "CREATE TABLE t (id integer PRIMARY KEY, v " + (declared == null ? "" : declared) + ")",
            "INSERT INTO t VALUES (7, " + value + ")")
        .target(
            "CREATE TYPE mood AS ENUM ('happy', 'sad', 'Odd', 'odd')",
            "CREATE DOMAIN label AS varchar(4) CHECK (VALUE <> 'no')",
            "CREATE TABLE t (id integer PRIMARY KEY, v " + type + ")");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "; 32768; smallint; integer-out-of-range",
        "; 2147483648; integer; integer-out-of-range",
        "; 'abc'; integer; text-is-no-integer",
        "; 1.5; integer; real-is-no-exact-integer",
        "; x'01'; integer; storage-class-does-not-fit",
        "; NULL; integer NOT NULL; null-in-not-null-column",
        "; ''; integer NOT NULL; empty-text-in-not-null-column",
        "; 2; boolean; number-is-no-boolean",
        "; 'maybe'; boolean; text-is-no-boolean",
        "; 'abcd'; varchar(3); text-longer-than-column",
        "; 'a' || char(0); text; nul-character-in-text",
        "; CAST(x'c328' AS text); text; text-is-not-utf-8",
        "; x'ff'; text; text-is-not-utf-8",
        "; 9007199254740993; double precision; float-precision-lost",
        "; 9223372036854775807; double precision; float-precision-lost",
        "; '0.1234567890123456789'; double precision; float-precision-lost",
        "; '9007199254740993'; double precision; float-precision-lost",
        "; '1e-400'; double precision; float-precision-lost",
        "; '1e400'; double precision; float-out-of-range",
        "; '0.1'; real; float-precision-lost",
        "; 16777217; real; float-precision-lost",
        "; 0.1; real; float-precision-lost",
        "; 1.234; numeric(6,2); numeric-digits-lost",
        "; 12345; numeric(6,2); numeric-out-of-range",
        "; 5; bytea; storage-class-does-not-fit",
        "; 5; uuid; number-in-uuid-column",
        "; 'xyz'; uuid; text-is-no-uuid",
        "; '{\"a\":NaN}'; json; not-a-number-in-json",
        "; '{\"a\":1'; jsonb; text-is-no-json",
        "; '\"\\u0000\"'; jsonb; nul-character-in-jsonb",
        "; '{\"a\":1,\"a\":2}'; jsonb; duplicate-key-in-jsonb",
        "; '\"\\ud800\"'; jsonb; lone-surrogate-in-jsonb",
        "; 'yesterday'; timestamp; text-is-no-time",
        "; '2024-02-30'; timestamp; text-is-no-time",
        "; '0000-00-00'; date; text-is-no-time",
        "; '2024-01-02 03:04:05.123456789'; timestamp; time-precision-lost",
        "; '2024-01-02 03:04:05.5'; timestamp(0); time-precision-lost",
        "; 20240101; timestamp; epoch-unit-ambiguous",
        "; 0; timestamptz; epoch-unit-ambiguous",
        "; '2024-01-02 03:04:05'; date; time-of-day-lost",
        "; 'glum'; mood; no-such-enum-label",
        "; 'ODD'; mood; no-such-enum-label",
        "; 'abcde'; label; text-longer-than-column",
        "; 'no'; label; check-violated",
        "; '1'; oid; target-type-not-supported",
      })
  void CLB_valueIsRefusedByTableColumnAndRow(
      String declared, String value, String type, String rule) throws Exception {
    TransferFixture f = one(declared, value, type);
    String before = f.dump();

    Report report = f.run();

    assertThat(report.outcome()).isEqualTo("refused");
    var finding = report.json().at("/findings/0");
    assertThat(finding.path("rule").asText()).isEqualTo(rule);
    if (!rule.equals("check-violated")) {
      assertThat(finding.path("table").asText()).isEqualTo("t");
      assertThat(finding.path("column").asText()).isEqualTo("v");
      assertThat(finding.path("rowids").toString()).isEqualTo("[7]");
    }
    assertThat(f.dump()).isEqualTo(before);
  }

  @Test
  void epochUnitIsDecidedForTheWholeColumn() throws Exception {
    TransferFixture f =
        one("datetime", "1704164645", "timestamp")
            .source("INSERT INTO t VALUES (8, 1704164645123)");

    assertThat(f.run().json().at("/findings/0/count").asLong()).isEqualTo(2);
  }

  @Test
  void utf16SourceArrivesAsUtf8() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source(
                "PRAGMA encoding='UTF-16be'",
                "CREATE TABLE t (v text)",
                "INSERT INTO t VALUES ('Zoë 😀')")
            .target("CREATE TABLE t (v text)");

    assertThat(f.run().outcome()).isEqualTo("moved");
    assertThat(f.rows("TABLE t")).isEqualTo("Zoë 😀");
  }

  @Test
  void allFindingsOfAllTablesComeInOneReport() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory)
            .source(
                "CREATE TABLE a (x)",
                "CREATE TABLE b (y, z)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<30)"
                    + " INSERT INTO a SELECT 'secret-value' FROM n",
                "INSERT INTO b VALUES (99999, 'secret-value')")
            .target("CREATE TABLE a (x integer)", "CREATE TABLE b (y smallint, z integer)");

    Report report = f.dryRun();

    assertThat(report.json().path("findings")).hasSize(3);
    assertThat(report.json().at("/findings/0/count").asLong()).isEqualTo(30);
    assertThat(report.json().at("/findings/0/rowids")).hasSize(20);
    assertThat(report.json().toString()).doesNotContain("secret");
    assertThat(Files.exists(directory.resolve("app.db"))).isTrue();
  }
}
