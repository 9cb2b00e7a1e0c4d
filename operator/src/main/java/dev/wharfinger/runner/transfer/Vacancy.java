package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.large.Ledger;
import dev.wharfinger.runner.transfer.postgresql.Marker;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Whether the target is free to be written into. Asked twice: by the plan, and under the locks,
 * because what others committed in between must not be overwritten.
 */
final class Vacancy {
  private final Connection connection;
  private final TransferOptions options;
  private final Findings findings;

  Vacancy(Connection connection, TransferOptions options, Findings findings) {
    this.connection = connection;
    this.options = options;
    this.findings = findings;
  }

  /** Adds a finding if another move has put its data here. */
  void otherTransfer(UUID operation) throws SQLException {
    Optional<String> other = Marker.otherCommitted(connection, operation);
    if (other.isPresent() && !options.replaceFormerTransfer()) {
      findings.add("", "", "other-transfer-committed", other.get());
    }
    unfinished(operation);
  }

  /** Adds a finding if a large transfer has begun here and is neither done nor taken back. */
  void unfinished(UUID operation) throws SQLException {
    Optional<UUID> own = options.dryRun() ? Optional.empty() : Optional.of(operation);
    Optional<UUID> other = Ledger.unfinished(connection, own);
    if (other.isPresent()) {
      findings.add("", "", "unfinished-transfer", "operation " + other.get());
    }
  }

  /**
   * Counts the rows that would have to give way; each table with some is a finding unless asked
   * for.
   */
  void rows(List<TableMapping> tables) throws SQLException {
    Iterator<Long> counts = counts(tables).iterator();
    for (TableMapping table : tables) {
      long rows = counts.next();
      table.replacedRows = rows;
      if (rows > 0 && !options.replaceTargetRows()) {
        findings.add(table.source.name(), "", "target-not-empty", rows + " rows in the target");
      }
    }
  }

  /** One query for all, because a server may be far away. */
  private List<Long> counts(List<TableMapping> tables) throws SQLException {
    List<Long> counts = new ArrayList<>();
    String each =
        tables.stream()
            .map(table -> "SELECT count(*) FROM " + table.target.sql())
            .collect(Collectors.joining("), (", "SELECT unnest(ARRAY[(", ")])"));
    if (!tables.isEmpty()) {
      Sql.each(connection, each, row -> counts.add(row.getLong(1)));
    }
    return counts;
  }

  /** Ends the move if there is a finding. */
  void require() throws RefusedException {
    if (findings.any()) {
      throw new RefusedException("others have written into the target meanwhile; see the findings");
    }
  }
}
