package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rows that are too long for the memory there is: refused with their names, and what is said to be
 * enough memory is.
 */
class RowMemoryIT {
  private static final List<String> HEAP = List.of("-Xmx128m");
  private static final Pattern ENOUGH = Pattern.compile("enough for a row of (\\d+)");
  private static final int ROW = 4711;
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

  private JsonNode report() throws Exception {
    return new ObjectMapper().readTree(directory.resolve("report.json").toFile());
  }

  private String out() throws Exception {
    return Files.readString(directory.resolve("out"));
  }

  private int run(String from, String to, String... more) throws Exception {
    List<String> args =
        new java.util.ArrayList<>(
            List.of(
                "transfer",
                "--from",
                from,
                "--to",
                to,
                "--report",
                directory.resolve("report.json").toString()));
    args.addAll(List.of(more));
    return FaultRig.start(directory, HEAP, args).waitFor();
  }

  /** A file with a short row, a row with a value of about so many bytes, and a short one. */
  private Path file(String kind, int bytes) throws Exception {
    Path file = directory.resolve("app.db");
    Files.deleteIfExists(file);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id integer PRIMARY KEY, n text, v blob)");
      statement.execute("INSERT INTO t (id, n) VALUES (1, 'one'), (5000, 'last')");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO t VALUES (" + ROW + ", 'long', ?)")) {
        String text = "0123456789abcdé ".repeat(bytes / 17);
        switch (kind) {
          case "bytea" -> insert.setBytes(1, new byte[bytes]);
          case "text" -> insert.setString(1, text);
          case "text[]" -> insert.setString(1, "[\"" + text + "\"]");
          default -> insert.setString(1, "{\"a\": \"" + text + "\"}");
        }
        insert.executeUpdate();
      }
    }
    return file;
  }

  private static String database(String kind) throws Exception {
    return FaultRig.database(
        server, List.of("CREATE TABLE t (id bigint PRIMARY KEY, n text, v " + kind + ")"));
  }

  private static int enough(JsonNode finding) {
    Matcher enough = ENOUGH.matcher(finding.path("detail").asText());
    assertThat(enough.find()).as(finding.toString()).isTrue();
    return Integer.parseInt(enough.group(1));
  }

  @ParameterizedTest
  @CsvSource({"text, 40", "bytea, 40", "json, 40", "jsonb, 40", "text[], 40"})
  void T27_rowsThatMemoryIsNotEnoughForAreNamedAndOthersPass(String kind, int megabytes)
      throws Exception {
    String database = database(kind);
    String url = server.url(database);
    String before = server.dump(database);

    int code = run("sqlite:///" + file(kind, megabytes << 20), url);

    assertThat(code).as(out()).isEqualTo(ExitCode.REFUSED);
    JsonNode finding = report().at("/findings/0");
    assertThat(finding.path("rule").asText()).isEqualTo("row-too-large-for-memory");
    assertThat(finding.path("table").asText() + finding.path("column").asText()).isEqualTo("tv");
    assertThat(finding.path("rowids").toString()).isEqualTo("[" + ROW + "]");
    assertThat(server.dump(database)).isEqualTo(before);

    int most = enough(finding) - 1000;
    assertThat(run("sqlite:///" + file(kind, most), url)).as(out()).isZero();
    assertThat(server.dump(database).lines().count()).isGreaterThan(before.lines().count() + 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "text; repeat('é23456789 ', %d / 11)",
        "bytea; decode(repeat('00', %d), 'hex')",
        "json; json_build_object('a', repeat('1', %d))",
        "jsonb; jsonb_build_object('a', repeat('1', %d))"
      })
  void T27_soItIsOnTheWayBack(String kind, String value) throws Exception {
    String url = server.url(database(kind));
    String database = url.replaceAll(".*/([^?]*).*", "$1");
    Path file = directory.resolve("back.db");
    row(database, value.formatted(40 << 20));

    int code = run(url, "sqlite:///" + file);

    assertThat(code).as(out()).isEqualTo(ExitCode.REFUSED);
    JsonNode finding = report().at("/findings/0");
    assertThat(finding.path("rule").asText()).isEqualTo("row-too-large-for-memory");
    assertThat(finding.path("table").asText() + finding.path("column").asText()).isEqualTo("tv");
    assertThat(finding.at("/rowids/0").asText()).isEqualTo("(0,2)");
    assertThat(file).doesNotExist();

    row(database, value.formatted(enough(finding) - 1000));
    assertThat(run(url, "sqlite:///" + file)).as(out()).isZero();
    assertThat(report().path("rows").asLong()).isEqualTo(2);
    // And once more like the file, whose values are looked at too.
    assertThat(run(url, "sqlite:///" + file)).as(out()).isZero();
  }

  private static void row(String database, String value) throws Exception {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("TRUNCATE t");
      statement.execute("INSERT INTO t VALUES (1, 'one', NULL), (4711, 'long', " + value + ")");
    }
  }

  @Test
  void manyLongValuesThatTogetherAreNotTooMuchPass() throws Exception {
    String database = database("text");
    Path file = file("text", 5 << 20);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE t SET v = 'short' || id WHERE id <> " + ROW);
    }

    assertThat(run("sqlite:///" + file, server.url(database))).as(out()).isZero();
    JsonNode column = report().at("/tables/0/columns/2");
    // The rows before the long one were looked at twice, and are counted once.
    assertThat(column.path("storage").path("text").asLong()).isEqualTo(3);
    assertThat(report().path("rows").asLong()).isEqualTo(3);
  }
}
