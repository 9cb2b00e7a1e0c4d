package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.PolicyKind;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds rows that PostgreSQL cannot take, because it never has more than a gigabyte of a row in
 * memory. SQLite is asked for lengths alone, so that no such row is ever in our memory.
 */
record RowSizes(SourceDatabase source, Findings findings) {
  /** PostgreSQL's MaxAllocSize, less what surrounds a row. */
  private static final long MOST = 0x3fff_ffffL - (1 << 16);

  /** A smaller file has no such row: nothing is encoded in more bytes than twice its own. */
  private static final long LEAST_SHARE = 2;

  /** Whether a row of so many encoded bytes can be sent. */
  static boolean fits(long bytes) {
    return bytes <= MOST;
  }

  /** Ends the plan where there is such a row: it could not even be looked at. */
  void require(List<TableMapping> tables) throws Exception {
    int before = findings.all().size();
    for (TableMapping table : tables) {
      check(table);
    }
    if (findings.all().size() > before) {
      throw new RefusedException("the source has rows that PostgreSQL cannot take");
    }
  }

  private void check(TableMapping table) throws Exception {
    if (table.columns.isEmpty() || fits(LEAST_SHARE * fileBytes())) {
      return;
    }
    String from = " FROM " + Quoting.name(table.source.name());
    String large =
        table.columns.stream()
            .map(RowSizes::bytes)
            .collect(Collectors.joining(" + ", "", " > " + MOST));
    if (source.number("SELECT count(*)" + from + " WHERE " + large) == 0) {
      return;
    }
    long[] place = {0};
    Cell cell = new Cell();
    source.forEach(
        "SELECT %s, %s%s%s".formatted(table.rowid(), large, from, table.order()),
        row -> {
          place[0]++;
          row.read(0, cell);
          long id = cell.storage() == Storage.INTEGER ? cell.integer() : place[0];
          row.read(1, cell);
          if (cell.integer() != 0) {
            findings.add(table.source.name(), "", "row-too-large", id);
          }
        });
  }

  private long fileBytes() throws SQLException {
    return source.number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
  }

  /** The bytes of a value as they will be sent, as SQL. */
  private static String bytes(ColumnMapping column) {
    Optional<String> bytesAsText =
        column.target.targetType().characters()
            ? column.choices.get(PolicyKind.BYTES_IN_TEXT)
            : Optional.empty();
    String each =
        switch (bytesAsText.orElse("")) {
          case "hex" -> "2 * ";
          case "base64" -> "4.0 / 3 * ";
          default -> "";
        };
    return "CASE typeof(%1$s) WHEN 'blob' THEN %2$soctet_length(%1$s)"
        .concat(" WHEN 'text' THEN octet_length(%1$s) ELSE 8 END")
        .formatted(Quoting.name(column.source.name()), each);
  }
}
