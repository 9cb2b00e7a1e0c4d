package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.PolicyKind;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.RowCursor;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds rows that PostgreSQL cannot take, because it never has more than a gigabyte of a row in
 * memory, and rows of which Java cannot have as many copies as it needs. SQLite is asked for
 * lengths alone, so that no such row is ever in our memory.
 */
final class RowSizes {
  /** PostgreSQL's MaxAllocSize, less what surrounds a row. */
  private static final long MOST = 0x3fff_ffffL - (1 << 16);

  /** Nothing is encoded in more bytes than twice its own. */
  private static final long LARGEST_SHARE = 2;

  private final SourceDatabase source;
  private final Findings findings;
  private final int workers;
  private boolean found;

  /**
   * A look at the sizes of rows.
   *
   * @param workers how many rows are under way at a time
   */
  RowSizes(SourceDatabase source, Findings findings, int workers) {
    this.source = source;
    this.findings = findings;
    this.workers = workers;
  }

  /** Whether a row of so many encoded bytes can be sent. */
  static boolean fits(long bytes) {
    return bytes <= MOST;
  }

  /** Whether rows were found that cannot even be looked at. */
  boolean found() {
    return found;
  }

  /** Bytes of a value up to which no row of the table can be too large, whatever else is in it. */
  int harmless(TableMapping table) {
    long share = LARGEST_SHARE * Math.max(1, table.columns.size());
    long copies = table.columns.stream().mapToLong(this::copies).max().orElse(1);
    return (int) Math.max(1, Math.min(MOST, Memory.forOneRow() / copies) / share);
  }

  /** How often a stored byte of a column is in memory. */
  private long copies(ColumnMapping column) {
    int copies = Memory.copiesForward(column.target.targetType(), column.readByServer(), workers);
    // Two bytes of UTF-16 may be three of UTF-8.
    return source.utf16() ? copies * 3L / 2 : copies;
  }

  /** Adds a finding for each row of a table that is too large; says whether there are any. */
  boolean find(TableMapping table) throws Exception {
    String sizes = join(table, ", ", column -> bytes(column));
    String sum = join(table, " + ", column -> bytes(column));
    String copies = join(table, " + ", column -> copies(column) + " * " + bytes(column));
    Map<Findings.Key, Long> largest = new HashMap<>();
    long[] place = {0};
    source.forEach(
        "SELECT %s, %s > %d OR %s > %d, %s FROM %s NOT INDEXED%s"
            .formatted(
                table.rowid(),
                sum,
                MOST,
                copies,
                Memory.forOneRow(),
                sizes,
                Quoting.name(table.source.name()),
                table.order()),
        row -> {
          place[0]++;
          if (number(row, 1) != 0) {
            add(table, row, place[0], largest);
          }
        });
    found |= !largest.isEmpty();
    return !largest.isEmpty();
  }

  private void add(
      TableMapping table, RowCursor.Row row, long place, Map<Findings.Key, Long> largest)
      throws SQLException {
    long all = 0;
    long together = 0;
    long most = -1;
    String widest = "";
    for (int i = 0; i < table.columns.size(); i++) {
      ColumnMapping column = table.columns.get(i);
      long bytes = number(row, i + 2);
      all += bytes;
      together += bytes * copies(column);
      if (bytes > most) {
        most = bytes;
        widest = column.source.name();
      }
    }
    Cell id = new Cell();
    row.read(0, id);
    long number = id.storage() == Storage.INTEGER ? id.integer() : place;
    String rule = "row-too-large";
    if (fits(all)) {
      rule += "-for-memory";
      findings.add(table.source.name(), widest, "row-too-large-for-memory", number);
    } else {
      findings.add(table.source.name(), widest, "row-too-large", number);
    }
    if (all > largest.getOrDefault(new Findings.Key(table.source.name(), widest, rule), 0L)) {
      largest.put(new Findings.Key(table.source.name(), widest, rule), all);
      findings.explain(
          table.source.name(),
          widest,
          rule,
          fits(all)
              ? Memory.explain(all, together)
              : "the largest has %d bytes as it is sent".formatted(all));
    }
  }

  private static long number(RowCursor.Row row, int column) throws SQLException {
    Cell cell = new Cell();
    row.read(column, cell);
    return cell.storage() == Storage.REAL ? (long) cell.real() : cell.integer();
  }

  private static String join(
      TableMapping table, String between, Function<ColumnMapping, String> sql) {
    return table.columns.stream().map(sql).collect(Collectors.joining(between));
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
