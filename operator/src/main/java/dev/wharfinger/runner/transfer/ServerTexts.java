package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

/**
 * Shows the server the texts of which only it can make values, in a transaction that is rolled
 * back, so that the report can name the rows it would not take.
 */
final class ServerTexts {
  private static final int BATCH = 1000;

  /** Texts may be long, and each is in memory several times. */
  private static final int BATCH_BYTES = 1 << 20;

  private static final Pattern LINE = Pattern.compile(", line (\\d+)");

  private record Text(long row, String text) {}

  private final Connection connection;
  private final SourceDatabase source;
  private final Findings findings;

  ServerTexts(Connection connection, SourceDatabase source, Findings findings) {
    this.connection = connection;
    this.source = source;
    this.findings = findings;
  }

  /** Looks at every such column of a table. */
  void check(TableMapping table) throws Exception {
    for (ColumnMapping column : table.columns) {
      if (column.readByServer()) {
        check(table, column);
      }
    }
  }

  private void check(TableMapping table, ColumnMapping column) throws Exception {
    Loader.settings(connection);
    try {
      Sql.run(
          connection,
          "CREATE TEMP TABLE wharfinger_texts (n int, v %s, base %s) ON COMMIT DROP"
              .formatted(column.target.formatted(), column.target.base()));
      List<Text> batch = new ArrayList<>();
      Cell cell = new Cell();
      RowBuffer buffer = new RowBuffer();
      long[] row = {0};
      long[] bytes = {0};
      source.forEach(
          "SELECT %s, %s FROM %s NOT INDEXED%s"
              .formatted(
                  table.rowid(),
                  Quoting.name(column.source.name()),
                  Quoting.name(table.source.name()),
                  // A place must mean the same row in every query.
                  table.order()),
          values -> {
            row[0]++;
            values.read(0, cell);
            long rowid = cell.storage() == Storage.INTEGER ? cell.integer() : row[0];
            values.read(1, cell);
            buffer.truncate(0);
            if (!column.encoder.encode(cell, buffer).rejected() && !buffer.isNull(0)) {
              batch.add(
                  new Text(
                      rowid,
                      new String(buffer.data(), 4, buffer.size() - 4, StandardCharsets.UTF_8)));
              bytes[0] += buffer.size();
            }
            if (batch.size() == BATCH || bytes[0] > BATCH_BYTES) {
              flush(table, column, batch);
              batch.clear();
              bytes[0] = 0;
            }
          });
      flush(table, column, batch);
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private void flush(TableMapping table, ColumnMapping column, List<Text> batch)
      throws SQLException, IOException {
    int from = 0;
    while (from < batch.size()) {
      int bad = firstBad(batch.subList(from, batch.size()), table, column);
      if (bad < 0) {
        return;
      }
      if (bad > 0) {
        // All of these are taken; whether one is changed was not asked in the copy that failed.
        firstBad(batch.subList(from, from + bad), table, column);
      }
      from += bad;
      table.refuse(column, "text-rejected-by-server", new Cell(), batch.get(from).row(), findings);
      from++;
    }
  }

  /** The place of the first text that the server does not take, -1 if it takes them all. */
  private int firstBad(List<Text> batch, TableMapping table, ColumnMapping column)
      throws SQLException, IOException {
    Sql.run(connection, "SAVEPOINT texts");
    try {
      copy(batch);
      Sql.each(
          connection,
          "SELECT n FROM pg_temp.wharfinger_texts WHERE v::text IS DISTINCT FROM base::text",
          changed ->
              table.refuse(
                  column,
                  "value-changed-by-type",
                  new Cell(),
                  batch.get(changed.getInt(1)).row(),
                  findings));
      return -1;
    } catch (PSQLException e) {
      Matcher line =
          LINE.matcher(
              e.getServerErrorMessage() == null
                  ? ""
                  : String.valueOf(e.getServerErrorMessage().getWhere()));
      if (!line.find()) {
        throw e;
      }
      return Integer.parseInt(line.group(1)) - 1;
    } finally {
      Sql.run(connection, "ROLLBACK TO SAVEPOINT texts");
    }
  }

  private void copy(List<Text> batch) throws SQLException, IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < batch.size(); i++) {
      String text =
          batch
              .get(i)
              .text()
              .replace("\\", "\\\\")
              .replace("\t", "\\t")
              .replace("\n", "\\n")
              .replace("\r", "\\r");
      rows.append(i).append('\t').append(text).append('\t').append(text).append('\n');
    }
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn(
            "COPY pg_temp.wharfinger_texts FROM STDIN", new java.io.StringReader(rows.toString()));
  }
}
