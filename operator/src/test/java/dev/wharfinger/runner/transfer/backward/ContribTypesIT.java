package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Choices;
import dev.wharfinger.runner.transfer.codec.ColumnEncoder;
import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.codec.Encoders;
import dev.wharfinger.runner.transfer.codec.PolicyKind;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.codec.TargetType;
import dev.wharfinger.testing.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Types of the extensions that PostgreSQL brings along, there and back. */
class ContribTypesIT {
  private static final String[] EXTENSIONS = {
    "CREATE EXTENSION hstore", "CREATE EXTENSION ltree", "CREATE EXTENSION citext"
  };
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

  private BackwardFixture fixture(String type, String... values) throws Exception {
    BackwardFixture fixture = new BackwardFixture(server, directory).postgres(EXTENSIONS);
    fixture.postgres("CREATE TABLE t (id integer PRIMARY KEY, v " + type + ")");
    fixture.file(source(), "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
    for (int i = 0; i < values.length; i++) {
      fixture.file(source(), "INSERT INTO t VALUES (" + (i + 1) + ", " + values[i] + ")");
    }
    return fixture;
  }

  private Path source() {
    return directory.resolve("source.db");
  }

  private static List<String> arrived(BackwardFixture fixture) throws Exception {
    List<String> all = new ArrayList<>();
    try (Connection connection = server.connect(fixture.database);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT coalesce(v::text, 'NULL') FROM t ORDER BY id")) {
      while (rows.next()) {
        all.add(rows.getString(1));
      }
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "hstore          ~ 'b => 1, \"a b\"=>NULL' ~ `\"b\"=>\"1\", \"a b\"=>NULL`",
        "hstore NOT NULL ~ '' ~ ``",
        "hstore          ~ ' ' ~ ``",
        "hstore          ~ NULL ~ NULL",
        "hstore          ~ '\"\"=>\"\"' ~ `\"\"=>\"\"`",
        "hstore[]        ~ '{\"a=>1\",\"\",NULL}' ~ `{\"\\\"a\\\"=>\\\"1\\\"\",\"\",NULL}`",
        "ltree           ~ 'Top.Science' ~ Top.Science",
        "ltree NOT NULL  ~ '' ~ ``",
        "ltree[]         ~ '{a.b,\"\"}' ~ `{a.b,\"\"}`",
        "citext          ~ 'Grüße' ~ Grüße",
        "citext NOT NULL ~ '' ~ ``",
        "citext[]        ~ '[\"A\", \"\"]' ~ `{A,\"\"}`",
      })
  void anEmptyTextIsAValueAndNotNone(String type, String value, String expected) throws Exception {
    BackwardFixture fixture = fixture(type, value);

    Report report = fixture.forward(source());

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(arrived(fixture)).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "hstore   ~ 'a=>1, b=>2, \"a\"=>3' ~ duplicate-key-in-hstore",
        "hstore   ~ 'a=>1,a=>1' ~ duplicate-key-in-hstore",
        "hstore   ~ 'a=>1,\\a=>NULL' ~ duplicate-key-in-hstore",
        "hstore[] ~ '{\"a=>1\",\"a=>1,a=>2\"}' ~ duplicate-key-in-hstore",
        "hstore   ~ 'a' ~ text-rejected-by-server",
        "hstore   ~ '{\"a\": 1}' ~ text-rejected-by-server",
        "hstore   ~ 7 ~ text-rejected-by-server",
        "ltree    ~ ' ' ~ text-rejected-by-server",
        "ltree    ~ 'a..b' ~ text-rejected-by-server",
        "hstore   ~ x'00' ~ storage-class-does-not-fit",
      })
  void whatWouldBeLostIsRefusedWithItsRow(String type, String value, String rule) throws Exception {
    BackwardFixture fixture = fixture(type, "NULL", value);
    String before = server.dump(fixture.database);

    Report report = fixture.forward(source());

    assertThat(report.outcome()).isEqualTo("refused");
    JsonNode finding = report.json().at("/findings/0");
    assertThat(finding.path("rule").asText()).isEqualTo(rule);
    assertThat(finding.path("table").asText()).isEqualTo("t");
    assertThat(finding.path("column").asText()).isEqualTo("v");
    assertThat(finding.path("rowids").toString()).isEqualTo("[2]");
    assertThat(server.dump(fixture.database)).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "hstore   ~ 'a=>1, b=>NULL, a=>\"x\\\"y\\\\\", b=>\"NULL\"' ~ hstore-duplicate-key=last"
            + " ~ `\"a\"=>\"x\\\"y\\\\\", \"b\"=>\"NULL\"`",
        "hstore[] ~ '{\"a=>1,a=>null\"}' ~ hstore-duplicate-key=last ~ `{\"\\\"a\\\"=>NULL\"}`",
      })
  void aDecisionKeepsTheLastPair(String type, String value, String policy, String expected)
      throws Exception {
    BackwardFixture fixture = fixture(type, value);

    Report report = fixture.forward(source(), policy);

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(arrived(fixture)).containsExactly(expected);
    assertThat(report.json().at("/decided/0/kind").asText()).isEqualTo("hstore-duplicate-key");
    assertThat(report.json().at("/decided/0/rowids").toString()).isEqualTo("[1]");
  }

  @Test
  void aRowWithARepeatedKeyMayBeKeptAside() throws Exception {
    BackwardFixture fixture = fixture("hstore", "'a=>1'", "'a=>1,a=>2'");

    Report report = fixture.forward(source(), "hstore-duplicate-key=quarantine");

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(arrived(fixture)).containsExactly("\"a\"=>\"1\"");
    assertThat(report.json().at("/tables/0/quarantinedRows").asLong()).isEqualTo(1);
  }

  /** What the server takes and which keys it finds is compared, text by text. */
  @Test
  void textsAreReadAsTheServerReadsThem() throws Exception {
    long seed = Long.getLong("faults.seed", System.nanoTime());
    System.out.println("again with -Dfaults.seed=" + seed);
    Random random = new Random(seed);
    BackwardFixture fixture = new BackwardFixture(server, directory).postgres(EXTENSIONS);
    fixture.postgres(
        """
        CREATE FUNCTION keys(t text) RETURNS text[] LANGUAGE plpgsql AS
        $$BEGIN RETURN akeys(t::hstore); EXCEPTION WHEN OTHERS THEN RETURN NULL; END$$\
        """);
    ColumnEncoder strict = encoder(Choices.NONE);
    ColumnEncoder last = encoder(new Choices(Map.of(PolicyKind.HSTORE_DUPLICATE_KEY, "last")));
    Set<String> rules = new HashSet<>();
    try (Connection connection = server.connect(fixture.database);
        PreparedStatement keys = connection.prepareStatement("SELECT keys(?)")) {
      for (int i = 0; i < 4000; i++) {
        int pairs = i % 2 == 0 ? 0 : 1 + random.nextInt(3);
        String text = pairs == 0 ? noise(random) : pairs(random, pairs);
        Optional<Set<String>> server = keys(keys, text);
        RowBuffer out = new RowBuffer();
        String rule = strict.encode(new Cell().setText(text), out).rule();
        rules.add(rule);
        assertThat(rule.equals("text-rejected-by-server")).as(text).isEqualTo(server.isEmpty());
        if (pairs > 0) {
          assertThat(rule.equals("duplicate-key-in-hstore"))
              .as(text)
              .isEqualTo(server.orElseThrow().size() < pairs);
        }
        if (server.isPresent()) {
          RowBuffer sent = new RowBuffer();
          last.encode(new Cell().setText(text), sent);
          String mended = new String(sent.data(), 4, sent.size() - 4, StandardCharsets.UTF_8);
          assertThat(keys(keys, mended)).as(text).isEqualTo(server);
          assertThat(strict.encode(new Cell().setText(mended), out).rule())
              .as(text)
              .isEqualTo("text-read-by-server");
        }
      }
    }
    assertThat(rules)
        .containsExactlyInAnyOrder(
            "text-rejected-by-server", "duplicate-key-in-hstore", "text-read-by-server");
  }

  private static ColumnEncoder encoder(Choices choices) {
    return Encoders.of(TargetType.of("hstore", -1), false, ColumnFacts.NONE, choices);
  }

  private static String noise(Random random) {
    String[] some = {"a", "b", "é", "=>", "=>", "=>", ",", ",", " ", "\t", "\"", "\\", "=", "NULL"};
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(12);
    for (int i = 0; i < length; i++) {
      text.append(some[random.nextInt(some.length)]);
    }
    return text.toString();
  }

  private static String pairs(Random random, int count) {
    String[] words = {"a", "\"a\"", "\\a", "b", "\"é b\"", "NULL", "\"NULL\"", "\"\"", "\\,"};
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String between = random.nextBoolean() ? "=>" : "\n => ";
      pairs.add(
          words[random.nextInt(words.length)] + between + words[random.nextInt(words.length)]);
    }
    return String.join(random.nextBoolean() ? "," : " , ", pairs);
  }

  private static Optional<Set<String>> keys(PreparedStatement statement, String text)
      throws Exception {
    statement.setString(1, text);
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getArray(1) == null
          ? Optional.empty()
          : Optional.of(new HashSet<>(List.of((String[]) row.getArray(1).getArray())));
    }
  }

  @Test
  void backAndForwardAgainIsTheSame() throws Exception {
    BackwardFixture fixture = new BackwardFixture(server, directory).postgres(EXTENSIONS);
    String table =
        "CREATE TABLE t (id integer PRIMARY KEY, h hstore, l ltree NOT NULL, c citext, hs hstore[])";
    fixture.postgres(
        table,
        "INSERT INTO t VALUES (1, 'a=>1, \"\"=>NULL', 'x.y', 'Grüße', ARRAY['a=>\"\\\"\"', ''::hstore]),"
            + " (2, '', '', '', '{}'), (3, NULL, 'z', NULL, NULL)");
    for (String column : new String[] {"t.h", "t.l", "t.hs"}) {
      assertThat(BackwardFixture.rules(fixture.run()))
          .contains(column + " target-type-not-supported 1");
      fixture.format(column, "text");
    }
    Report back = fixture.run();
    assertThat(back.outcome()).as(back.json().toPrettyString()).isEqualTo("moved");
    assertThat(
            BackwardFixture.query(
                fixture.target, "SELECT quote(h) || quote(l) || quote(c) FROM t WHERE id > 1"))
        .containsExactly("''''''", "NULL'z'NULL");
    BackwardFixture again = new BackwardFixture(server, directory).postgres(EXTENSIONS);
    again.postgres(table);

    Report forward = again.forward(fixture.target);

    assertThat(forward.outcome()).as(forward.json().toPrettyString()).isEqualTo("moved");
    assertThat(rows(again)).hasSize(3).isEqualTo(rows(fixture));
  }

  private static List<String> rows(BackwardFixture fixture) throws Exception {
    List<String> all = new ArrayList<>();
    try (Connection connection = server.connect(fixture.database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT t::text FROM t ORDER BY id")) {
      while (rows.next()) {
        all.add(rows.getString(1));
      }
    }
    return all;
  }
}
