package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.Meter;
import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.ColumnEncoder;
import dev.wharfinger.runner.transfer.codec.Json;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.format.Field;
import dev.wharfinger.runner.transfer.format.NumericFormat;
import dev.wharfinger.runner.transfer.scratch.Numbers;
import dev.wharfinger.runner.transfer.scratch.Scratch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts rows that only one side has: what would be lost if the file were used as it is, and what
 * it has that PostgreSQL has not. A row that was changed is one on each side. Of each row of the
 * table at hand eight bytes are kept.
 */
final class RowDifference {
  private final BackTable table;
  private final MessageDigest digest;
  private final RowBuffer buffer = new RowBuffer();
  private final Field field = new Field();

  private RowDifference(BackTable table) throws Exception {
    this.table = table;
    this.digest = MessageDigest.getInstance("SHA-256");
  }

  /** By table of the file: rows only in PostgreSQL, and rows only in the file. */
  static Map<String, long[]> of(
      Path file, SourceSnapshot source, List<BackTable> settled, Meter meter) throws Exception {
    LikeFile other = LikeFile.open(file);
    try {
      EarlierMove earlier = EarlierMove.of(source.connection());
      BackMapping mapping = new BackMapping(source, other, new Findings(), (table, column) -> "");
      mapping.build(false);
      Map<String, long[]> all = new HashMap<>();
      for (BackTable table : mapping.tables) {
        for (BackTable known : settled) {
          if (known.postgres.name().equals(table.postgres.name())) {
            decide(table, known);
          }
        }
        earlier.decide(other, table);
        table.readings = ServerReadings.of(source.connection(), other, table);
        all.put(table.sqlite.name(), new RowDifference(table).count(other, source, meter));
      }
      return all;
    } finally {
      other.database().abandon();
    }
  }

  /** Numbers in both files count the same. */
  private static void decide(BackTable table, BackTable known) {
    for (BackColumn column : table.columns) {
      known.columns.stream()
          .filter(other -> other.postgres.name().equals(column.postgres.name()))
          .forEach(other -> column.decided = other.decided);
    }
  }

  private long[] count(LikeFile other, SourceSnapshot source, Meter meter) throws Exception {
    Scratch scratch = other.database().scratch();
    try (Numbers here = new Numbers(scratch);
        Numbers there = new Numbers(scratch)) {
      postgresql(source, here, meter);
      file(other, there);
      return differences(here, there);
    }
  }

  private void postgresql(SourceSnapshot source, Numbers here, Meter meter) throws Exception {
    CopyReader.forEach(
        source.connection(),
        table.selectSql(),
        table.fields(),
        (data, starts, lengths) -> {
          for (int i = 0; i < table.columns.size(); i++) {
            add(i, false, data, starts[i], lengths[i]);
          }
          here.add(next());
          meter.add(1);
        });
  }

  private void file(LikeFile other, Numbers there) throws Exception {
    if (!table.columns.isEmpty()) {
      List<ColumnEncoder> encoders = Surveys.forward(other, table);
      Cell cell = new Cell();
      other
          .database()
          .forEach(
              table.readBackSql(),
              row -> {
                for (int i = 0; i < table.columns.size(); i++) {
                  row.read(i, cell);
                  buffer.truncate(0);
                  boolean good = !encoders.get(i).encode(cell, buffer).rejected();
                  // What PostgreSQL cannot have is no row of PostgreSQL's.
                  int length = good ? ByteBuffer.wrap(buffer.data()).getInt(0) : -2;
                  add(i, true, buffer.data(), 4, length);
                }
                there.add(next());
              });
    }
  }

  /** How many are only here, and how many only there. */
  private static long[] differences(Numbers one, Numbers other) throws SQLException {
    long[] only = {0, 0};
    try (Numbers.Walk here = one.walk();
        Numbers.Walk there = other.walk()) {
      boolean left = here.next();
      boolean right = there.next();
      while (left || right) {
        int order = !left ? 1 : !right ? -1 : Long.compare(here.number(), there.number());
        only[0] += order < 0 ? 1 : 0;
        only[1] += order > 0 ? 1 : 0;
        left = order <= 0 ? here.next() : left;
        right = order >= 0 ? there.next() : right;
      }
    }
    return only;
  }

  private void add(int place, boolean given, byte[] data, int start, int length)
      throws SQLException {
    BackColumn column = table.columns.get(place);
    if (length < 0) {
      digest.update(ByteBuffer.allocate(4).putInt(0, length));
      return;
    }
    ServerReadings readings = table.readings;
    if (column.readByServer() && readings != null) {
      digest.update(
          given ? readings.became(place, data, start, length) : readings.hash(data, start, length));
      return;
    }
    field.set(data, start, length);
    byte[] canonical =
        switch (column.type) {
          case "numeric" -> NumericFormat.canonical(field).getBytes(StandardCharsets.US_ASCII);
          case "jsonb" -> Json.canonical(field.bytes(1));
          default -> field.bytes(0);
        };
    digest.update(ByteBuffer.allocate(4).putInt(0, canonical.length));
    digest.update(canonical);
  }

  private long next() {
    return ByteBuffer.wrap(digest.digest()).getLong(0);
  }
}
