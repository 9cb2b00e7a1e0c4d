package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target that has no tables gets them from the source's schema. */
class DerivedSchemaIT {
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

  private static void moved(Report report) {
    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
  }

  private static void refused(Report report, String rule) {
    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("refused");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo(rule);
  }

  @Test
  void whereSqliteKeepsFractionsTheyFitToo() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE t (id integer PRIMARY KEY, whole, real, mixed, money MONEY, n INT)",
                "INSERT INTO t VALUES (1, 1, 3.0, 1, 3.0, 3.0), (2, 2, 4.0, 2.0, 4, 4)")
            .deriving();

    moved(f.run());

    assertThat(
            f.rows(
                "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
                    + " WHERE attrelid = 't'::regclass AND attnum > 1 ORDER BY attnum"))
        .isEqualTo(
            "whole|bigint\nreal|double precision\nmixed|double precision\nmoney|bigint\nn|bigint");
    assertThat(f.rows("UPDATE t SET \"real\" = 2.5, mixed = 2.5 WHERE id = 1 RETURNING 1"))
        .isEqualTo("1");
    assertThat(f.rows("SELECT * FROM t ORDER BY id")).isEqualTo("1|1|2.5|2.5|3|3\n2|2|4|2|4|4");
  }

  @Test
  void PIP_10_schemaIsDerivedWithKeysAndIndexes() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE p (id integer PRIMARY KEY AUTOINCREMENT, ok boolean DEFAULT 1,"
                    + " at datetime, j json, u uuid, price decimal(10,2), loose, n varchar(2) UNIQUE)",
                "CREATE TABLE c (a integer, b text, p_id integer REFERENCES p ON DELETE CASCADE,"
                    + " PRIMARY KEY (b, a))",
                "CREATE INDEX part ON c (p_id DESC) WHERE p_id IS NOT NULL",
                "CREATE INDEX expr ON c (lower(b))",
                "INSERT INTO p VALUES (3, 1, '2024-01-01T00:00:00Z', '{}',"
                    + " '00010203-0405-0607-0809-0a0b0c0d0e0f', 1.5, 'x', 'too long')",
                "INSERT INTO c VALUES (1, 'b', 3)")
            .deriving();

    moved(f.run());

    assertThat(
            f.rows(
                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
                    + " WHERE attrelid = 'p'::regclass AND attnum > 0 ORDER BY attnum"))
        .isEqualTo("bigint\nboolean\ntimestamp with time zone\njsonb\nuuid\nnumeric\ntext\ntext");
    assertThat(f.rows("INSERT INTO p DEFAULT VALUES RETURNING id, ok")).isEqualTo("4|t");
    assertThat(f.rows("SELECT pg_get_indexdef('part'::regclass)"))
        .contains("p_id DESC")
        .contains("WHERE (p_id IS NOT NULL)");
    assertThat(f.rows("DELETE FROM p WHERE id = 3 RETURNING id")).isEqualTo("3");
    assertThat(f.rows("SELECT count(*) FROM c")).isEqualTo("0");
  }

  @Test
  void bytesWithoutADeclarationAreBytes() throws Exception {
    TransferFixture f =
        fixture()
            .source(
                "CREATE TABLE t (a, b)",
                "INSERT INTO t VALUES (x'00ff', x'41'), (zeroblob(3), 'A'), (NULL, NULL)")
            .deriving();

    moved(f.run());

    assertThat(f.rows("SELECT encode(a, 'hex') FROM t WHERE b IS NOT NULL ORDER BY a"))
        .isEqualTo("000000\n00ff");
    assertThat(f.rows("SELECT DISTINCT pg_typeof(b) FROM t")).isEqualTo("text");
  }

  @Test
  void refusedDerivationLeavesNoTables() throws Exception {
    TransferFixture f =
        fixture()
            .source("CREATE TABLE t (a text)", "INSERT INTO t VALUES ('a' || char(0))")
            .deriving();
    String before = f.dump();

    refused(f.run(), "nul-character-in-text");

    assertThat(f.dump()).isEqualTo(before);
  }
}
