package dev.wharfinger.runner.transfer.backward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases as no one thought of: forward and back gives the same bytes. */
class RandomDatabasesIT {
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

  /** A kind of column: declarations on both sides, and literals for SQLite. */
  private enum Kind {
    INTEGER("INTEGER", "bigint"),
    REAL("REAL", "double precision"),
    LOOSE_REAL("", "double precision"),
    TEXT("TEXT", "text"),
    LOOSE_TEXT("", "text"),
    BLOB("BLOB", "bytea"),
    BOOLEAN("BOOLEAN", "boolean"),
    DECIMAL("DECIMAL(12,3)", "numeric(12,3)"),
    TEXT_DECIMAL("TEXT", "numeric"),
    UUID("CHAR(32)", "uuid"),
    BYTES_UUID("BLOB", "uuid"),
    FIXED_TIME("DATETIME", "timestamp"),
    TRIMMED_TIME("TIMESTAMP", "timestamptz"),
    ISO_TIME("TEXT", "timestamptz"),
    MILLIS("BIGINT", "timestamp"),
    DATE("DATE", "date"),
    JSON("JSON", "json");

    final String sqlite;
    final String postgres;

    Kind(String sqlite, String postgres) {
      this.sqlite = sqlite;
      this.postgres = postgres;
    }

    private static String hex(Random random, int length) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return HexFormat.of().formatHex(bytes);
    }

    private static LocalDateTime time(Random random, int unit) {
      return LocalDateTime.ofEpochSecond(
          random.nextLong(1_000_000_000L, 4_000_000_000L),
          random.nextInt(1_000_000_000 / unit) * unit,
          java.time.ZoneOffset.UTC);
    }

    private static String text(LocalDateTime time, String pattern) {
      return "'" + time.format(DateTimeFormatter.ofPattern(pattern)) + "'";
    }

    private static String words(Random random) {
      String[] all = {"", "a'b", "Straße", "\uD83D\uDE00", " 12", "0x1", "line\nline", "1e5", "-7"};
      return "'" + all[random.nextInt(all.length)].replace("'", "''") + "'";
    }

    String literal(Random random) {
      return switch (this) {
        case INTEGER -> Long.toString(random.nextLong() >> random.nextInt(64));
        case REAL, LOOSE_REAL ->
            Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
        case TEXT, LOOSE_TEXT -> words(random);
        case BLOB -> "x'" + hex(random, random.nextInt(9)) + "'";
        case BOOLEAN -> Integer.toString(random.nextInt(2));
        case DECIMAL -> random.nextInt(-999_999, 999_999) + "." + random.nextInt(1000) % 10;
        case TEXT_DECIMAL -> "'" + random.nextInt(1000) + ".10'";
        case UUID -> "'" + hex(random, 16) + "'";
        case BYTES_UUID -> "x'" + hex(random, 16) + "'";
        case FIXED_TIME -> text(time(random, 1000), "yyyy-MM-dd HH:mm:ss.SSSSSS");
        case TRIMMED_TIME ->
            text(time(random, 1_000_000), "yyyy-MM-dd HH:mm:ss.SSS")
                .replaceAll("\\.?0+'$", "+00:00'")
                .replaceAll("(?<!00)'$", "+00:00'");
        case ISO_TIME -> text(time(random, 1_000_000), "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
        case MILLIS -> Long.toString(random.nextLong(1_500_000_000_000L, 1_900_000_000_000L));
        case DATE -> text(time(random, 1), "yyyy-MM-dd");
        case JSON -> random.nextBoolean() ? "'{\"a\" :1}'" : "'[1,  2]'";
      };
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void sameBytes(long seed) throws Exception {
    Random random = new Random(seed);
    Path file = directory.resolve("retained.db");
    BackwardFixture fixture = new BackwardFixture(server, directory);
    int tables = 1 + random.nextInt(4);
    List<String> schema = new ArrayList<>();
    for (int t = 0; t < tables; t++) {
      table(random, "t" + t, file, fixture, schema);
    }
    Report forward = fixture.forward(file);
    assertThat(forward.outcome()).as(forward.json().toPrettyString()).isEqualTo("moved");
    boolean recorded = random.nextBoolean();
    if (recorded) {
      fixture.target(schema.toArray(String[]::new));
    } else {
      fixture.like(file);
    }

    Report report = fixture.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(Content.of(fixture.target)).isEqualTo(Content.of(file));
  }

  private static void table(
      Random random, String name, Path file, BackwardFixture fixture, List<String> schema)
      throws Exception {
    List<Kind> kinds = new ArrayList<>();
    List<String> sqlite = new ArrayList<>();
    List<String> postgres = new ArrayList<>();
    for (int c = 0; c < 1 + random.nextInt(9); c++) {
      Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
      kinds.add(kind);
      sqlite.add("c" + c + " " + kind.sqlite);
      postgres.add("c" + c + " " + kind.postgres);
    }
    String create = "CREATE TABLE " + name + " (" + String.join(", ", sqlite) + ")";
    schema.add(create);
    List<String> statements = new ArrayList<>(List.of(create));
    int rows = 60 + random.nextInt(60);
    for (int r = 0; r < rows; r++) {
      List<String> values = new ArrayList<>();
      for (Kind kind : kinds) {
        values.add(random.nextInt(8) == 0 ? "NULL" : kind.literal(random));
      }
      statements.add("INSERT INTO " + name + " VALUES (" + String.join(", ", values) + ")");
    }
    statements.addFirst("BEGIN");
    statements.add("COMMIT");
    fixture.file(file, statements.toArray(String[]::new));
    fixture.postgres("CREATE TABLE " + name + " (" + String.join(", ", postgres) + ")");
  }
}
