package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Choices;
import dev.wharfinger.runner.transfer.codec.ColumnEncoder;
import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.codec.Encoders;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.codec.TargetType;
import dev.wharfinger.testing.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random values of every storage class into every type, judged by PostgreSQL's own reading of the
 * value's text: what arrives has to be that. The seed is in each message; {@code -Dfuzz.seed}
 * repeats it.
 */
class FuzzIT {
  private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
  private static final int VALUES = 1500;
  private static final List<String> LABELS = List.of("true", "x", "Zoë", "0", "+1", "null");
  private static final int INT4 = 23;
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

  /** The oracle's condition is SQL over s (storage), t (text), b (bytes) and v (what arrived). */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "int2; smallint; v::numeric = CASE WHEN lower(trim(t)) = 'true' THEN 1 ELSE t::numeric END",
        "int4; integer; v::numeric = CASE WHEN lower(trim(t)) = 'true' THEN 1 ELSE t::numeric END",
        "int8; bigint; v::numeric = CASE WHEN lower(trim(t)) = 'true' THEN 1 ELSE t::numeric END",
        "numeric; numeric; CASE s WHEN 'real' THEN v::float8 = t::float8 ELSE v = t::numeric END",
        "float8; double precision; v = t::float8",
        "float4; real; v::float8 = t::float8",
        "bool; boolean; v = CASE s WHEN 'real' THEN t::float8 <> 0 WHEN 'blob' THEN b = '\\x01' ELSE t::boolean END",
        "text; text; CASE s WHEN 'real' THEN v::float8 = t::float8 WHEN 'integer' THEN v = t ELSE convert_to(v, 'UTF8') = b END",
        "bytea; bytea; v = b",
        "uuid; uuid; v = CASE WHEN s = 'blob' AND length(b) = 16 THEN encode(b, 'hex')::uuid"
            + " ELSE replace(convert_from(b, 'UTF8'), 'urn:uuid:', '')::uuid END",
        "json; json; CASE s WHEN 'real' THEN v::text::float8 = t::float8 WHEN 'integer' THEN v::text = t"
            + " WHEN 'blob' THEN true ELSE v::text = convert_from(b, 'UTF8') END",
        "jsonb; jsonb; CASE s WHEN 'real' THEN v::text::float8 = t::float8 WHEN 'integer' THEN v::text = t"
            + " WHEN 'blob' THEN true ELSE v = convert_from(b, 'UTF8')::jsonb END",
        "timestamp; timestamp; v = t::timestamptz AT TIME ZONE 'UTC'",
        "timestamptz; timestamptz; v = t::timestamptz",
        "date; date; v = (t::timestamptz AT TIME ZONE 'UTC')::date",
        "time; time; v = t::time",
        "numeric/393222; numeric(6,2); CASE s WHEN 'real' THEN v::float8 = t::float8 ELSE v = t::numeric END",
        "varchar/9; varchar(5); CASE s WHEN 'real' THEN v::float8 = t::float8 WHEN 'integer' THEN v = t ELSE convert_to(v, 'UTF8') = b END",
        "enum; mood; s = 'text' AND lower(v::text) = lower(t)",
        "array:int4; integer[]; v = ARRAY(SELECT x::numeric::int4 FROM"
            + " jsonb_array_elements_text(t::jsonb) WITH ORDINALITY e(x, n) ORDER BY n)",
      })
  void whatArrivesIsWhatPostgresqlReads(String name, String type, String oracle) throws Exception {
    RandomValues values = new RandomValues(SEED);
    TargetType target =
        new TargetType(
            name.replaceAll("/.*", ""),
            name.contains("/") ? Integer.parseInt(name.replaceAll(".*/", "")) : -1,
            type.equals("mood") ? LABELS : List.of(),
            name.startsWith("array:") ? INT4 : 0);
    judge(
        new TransferFixture(server, directory),
        target,
        type,
        Choices.NONE,
        () -> values.next(type),
        oracle);
  }

  /** Whoever says what numbers count gets those times, or is refused: none is another time. */
  @ParameterizedTest
  @CsvSource({
    "timestamp, seconds, 1",
    "timestamptz, seconds, 1",
    "date, seconds, 1",
    "timestamp, milliseconds, 0.001",
    "date, milliseconds, 0.001",
    "timestamptz, microseconds, 0.000001",
    "timestamp, nanoseconds, 0.000000001",
    "timestamp, julian-days, 86400",
    "timestamptz, julian-days, 86400",
    "date, julian-days, 86400",
  })
  void whatNumbersCountIsReckonedByPostgresqlToo(String type, String unit, String factor)
      throws Exception {
    RandomValues values = new RandomValues(SEED);
    String policy = "epoch-unit=" + unit;
    boolean days = unit.equals("julian-days");
    // As texts of 17 digits numbers are not quite what they are; of days milliseconds are kept.
    String oracle =
        "abs(extract(epoch FROM v) - (t::numeric - %s) * %s) <= %s + abs(t::numeric) * %s * 3e-16"
            .formatted(days ? "2440587.5" : "0", factor, days ? "0.0005" : "0", factor);
    judge(
        new TransferFixture(server, directory).policy(policy),
        TargetType.of(type, -1),
        type,
        new Policies(List.of(Policies.Policy.parse(policy))).choices("t", "v"),
        () -> values.moment(unit),
        oracle);
  }

  private static void judge(
      TransferFixture f,
      TargetType target,
      String type,
      Choices choices,
      Supplier<Object> values,
      String oracle)
      throws Exception {
    ColumnEncoder encoder = Encoders.of(target, false, ColumnFacts.NONE, choices);
    f.source("CREATE TABLE t (id integer PRIMARY KEY, v)")
        .target(
            "CREATE TYPE mood AS ENUM ('" + String.join("', '", LABELS) + "')",
            "CREATE TABLE t (id integer PRIMARY KEY, v " + type + ")",
            "CREATE TABLE given (id integer PRIMARY KEY, s text, t text, b bytea)");
    List<Object> given = new ArrayList<>();
    int accepted = 0;
    try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + f.file);
        Connection postgres = server.connect(f.database)) {
      sqlite.setAutoCommit(false);
      postgres.setAutoCommit(false);
      for (int i = 0; i < VALUES; i++) {
        Object value = values.get();
        given.add(value);
        if (!encoder.encode(cell(value), new RowBuffer()).rejected()) {
          accepted++;
          insert(sqlite, i, value);
          remember(sqlite, postgres, i);
        }
      }
      sqlite.commit();
      postgres.commit();
    }
    assertThat(accepted).as("values of %s with seed %d", type, SEED).isGreaterThan(VALUES / 50);

    Report report = f.run();

    assertThat(report.outcome())
        .as("seed %d: %s", SEED, report.json().path("findings"))
        .isEqualTo("moved");
    assertThat(f.rows("SELECT count(*) FROM t")).isEqualTo(Integer.toString(accepted));
    String wrong = "";
    for (String row :
        f.rows(
                "SELECT id, v::text FROM t JOIN given g USING (id) WHERE CASE"
                    + " WHEN v IS NULL THEN trim(t, E' \\t\\n\\r\\f\\v') <> '' ELSE ("
                    + oracle
                    + ") IS NOT TRUE END")
            .lines()
            .toList()) {
      int id = Integer.parseInt(row.substring(0, row.indexOf('|')));
      wrong += "\n" + RandomValues.show(given.get(id)) + " became " + row;
    }
    assertThat(wrong).as("%s with seed %d", type, SEED).isEmpty();
  }

  static Cell cell(Object value) {
    Cell cell = new Cell();
    return switch (value) {
      case Long integer -> cell.setInteger(integer);
      case Double real -> cell.setReal(real);
      case byte[][] text -> cell.setText(text[0]);
      default -> cell.setBlob((byte[]) value);
    };
  }

  private static void insert(Connection sqlite, int id, Object value) throws Exception {
    String literal =
        switch (value) {
          case byte[][] text -> "CAST(x'" + HexFormat.of().formatHex(text[0]) + "' AS TEXT)";
          case byte[] blob -> "x'" + HexFormat.of().formatHex(blob) + "'";
          default -> "?";
        };
    try (PreparedStatement insert =
        sqlite.prepareStatement("INSERT INTO t VALUES (" + id + ", " + literal + ")")) {
      if (value instanceof Long integer) {
        insert.setLong(1, integer);
      } else if (value instanceof Double real) {
        insert.setDouble(1, real);
      }
      insert.executeUpdate();
    }
  }

  /** As SQLite itself writes the value down. */
  private static void remember(Connection sqlite, Connection postgres, int id) throws Exception {
    String text =
        "CASE typeof(v) WHEN 'real' THEN CASE WHEN abs(v) > 1.8e308 THEN iif(v > 0, 'Infinity',"
            + " '-Infinity') ELSE printf('%!.17g', v) END WHEN 'integer' THEN CAST(v AS TEXT)"
            + " ELSE '' END";
    try (var statement = sqlite.createStatement();
        var row =
            statement.executeQuery(
                "SELECT typeof(v), " + text + ", hex(v) FROM t WHERE id = " + id);
        PreparedStatement insert =
            postgres.prepareStatement(
                "INSERT INTO given VALUES (?, ?, CASE WHEN ? IN ('text', 'blob') AND position('\\x00' IN"
                    + " decode(?, 'hex')) = 0 AND ? THEN convert_from(decode(?, 'hex'), 'UTF8') ELSE ? END,"
                    + " decode(?, 'hex'))")) {
      String storage = row.getString(1);
      String hex = row.getString(3);
      insert.setInt(1, id);
      insert.setString(2, storage);
      insert.setString(3, storage);
      insert.setString(4, hex);
      insert.setBoolean(5, storage.equals("text") && valid(hex));
      insert.setString(6, hex);
      insert.setString(7, row.getString(2));
      insert.setString(8, hex);
      insert.executeUpdate();
    }
  }

  private static boolean valid(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.toLowerCase(Locale.ROOT));
    String text = new String(bytes, StandardCharsets.UTF_8);
    return Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8));
  }
}
