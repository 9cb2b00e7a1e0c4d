package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.ColumnEncoder;
import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.scratch.TextHashes;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What PostgreSQL makes of a file's texts in columns whose type only the server can read, such as
 * {@code cidr}: asked of it, so that a value can be known again that it writes otherwise.
 */
final class ServerReadings {
  /** Texts may be long, and each is in memory several times. */
  private static final int BATCH = 1000;

  private static final int BATCH_BYTES = 1 << 20;

  /** Of a text that the server does not read; no hash is this short. */
  private static final byte[] NOTHING = {};

  /** A text that is no value, no expression of its type, or too much for it. */
  private static final Pattern NO_VALUE = Pattern.compile("22...|42601|54...");

  private final Connection postgres;
  private final BackTable table;
  private final TextHashes hashes;
  private final boolean[] rewritten;
  private final long[] emptied;

  private ServerReadings(Connection postgres, LikeFile like, BackTable table) {
    this.postgres = postgres;
    this.table = table;
    this.hashes = new TextHashes(like.database().scratch());
    this.rewritten = new boolean[table.columns.size()];
    this.emptied = new long[table.columns.size()];
  }

  /** Shows the server what the file has in a table's columns of such types. */
  static ServerReadings of(Connection postgres, LikeFile like, BackTable table) throws Exception {
    ServerReadings readings = new ServerReadings(postgres, like, table);
    for (int i = 0; i < table.columns.size(); i++) {
      if (table.columns.get(i).readByServer()) {
        readings.read(like, i);
      }
    }
    return readings;
  }

  private void read(LikeFile like, int place) throws Exception {
    BackColumn column = table.columns.get(place);
    ColumnEncoder encoder = column.forward(ColumnFacts.NONE);
    List<String> texts = new ArrayList<>();
    long[] bytes = {0};
    Cell cell = new Cell();
    Cell sent = new Cell();
    RowBuffer buffer = new RowBuffer();
    like.database()
        .forEach(
            "SELECT %s FROM %s"
                .formatted(Quoting.name(column.sqlite.name()), Quoting.name(table.sqlite.name())),
            row -> {
              row.read(0, cell);
              buffer.truncate(0);
              if (encoder.encode(sent.set(cell), buffer).rejected()) {
                return;
              }
              if (buffer.isNull(0)) {
                emptied[place] += cell.storage() == Storage.NULL ? 0 : 1;
                return;
              }
              byte[] text = Arrays.copyOfRange(buffer.data(), 4, buffer.size());
              rewritten[place] |=
                  cell.storage() != Storage.TEXT || !Arrays.equals(text, cell.bytes());
              texts.add(new String(text, StandardCharsets.UTF_8));
              bytes[0] += text.length;
              if (texts.size() == BATCH || bytes[0] > BATCH_BYTES) {
                ask(place, texts);
                texts.clear();
                bytes[0] = 0;
              }
            });
    ask(place, texts);
  }

  /** Asks for all of them at once, and for ever fewer where there is one that is no value. */
  private void ask(int place, List<String> texts) throws SQLException {
    if (texts.isEmpty()) {
      return;
    }
    Sql.run(postgres, "SAVEPOINT readings");
    try {
      note(place, texts);
      Sql.run(postgres, "RELEASE SAVEPOINT readings");
    } catch (SQLException e) {
      Sql.run(postgres, "ROLLBACK TO SAVEPOINT readings; RELEASE SAVEPOINT readings");
      if (!NO_VALUE.matcher(String.valueOf(e.getSQLState())).matches()) {
        throw e;
      }
      if (texts.size() == 1) {
        byte[] given = texts.getFirst().getBytes(StandardCharsets.UTF_8);
        hashes.put(place, given, NOTHING);
        return;
      }
      int half = texts.size() / 2;
      ask(place, texts.subList(0, half));
      ask(place, texts.subList(half, texts.size()));
    }
  }

  private void note(int place, List<String> texts) throws SQLException {
    BackColumn column = table.columns.get(place);
    String sql =
        "SELECT %s, wharfinger_n FROM (SELECT t::%s AS %s, wharfinger_n FROM unnest(?::text[])"
                .formatted(
                    column.expression, column.postgres.base(), Quoting.name(column.postgres.name()))
            + " WITH ORDINALITY AS x(t, wharfinger_n)) y";
    try (PreparedStatement statement = postgres.prepareStatement(sql)) {
      statement.setArray(1, postgres.createArrayOf("text", texts.toArray()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          byte[] given = texts.get(rows.getInt(2) - 1).getBytes(StandardCharsets.UTF_8);
          byte[] became = rows.getString(1).getBytes(StandardCharsets.UTF_8);
          if (!Arrays.equals(given, became)) {
            rewritten[place] = true;
            hashes.put(place, given, hashes.hash(became, 0, became.length));
          }
        }
      }
    }
  }

  /** Whether the file has texts in a column that PostgreSQL writes otherwise. */
  boolean rewritten(int place) {
    return rewritten[place];
  }

  /** How many of the file's texts in a column became NULL. */
  long emptied(int place) {
    return emptied[place];
  }

  /** A hash of what the server makes of a text of the file, as it was sent. */
  byte[] became(int place, byte[] data, int from, int length) throws SQLException {
    return hashes.became(place, data, from, length);
  }

  /** A hash of what the server has. */
  byte[] hash(byte[] data, int from, int length) {
    return hashes.hash(data, from, length);
  }
}
