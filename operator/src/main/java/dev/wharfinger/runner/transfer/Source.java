package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.SourceTable.SourceColumn;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;

/** The SQLite database, read in one transaction and never written. */
final class Source implements AutoCloseable {
  private final Connection connection;
  private final boolean utf8;

  private Source(Connection connection) throws SQLException {
    this.connection = connection;
    Sql.execute(connection, "PRAGMA busy_timeout=30000");
    this.utf8 = "UTF-8".equals(single("PRAGMA encoding"));
    Sql.execute(connection, "BEGIN");
  }

  /**
   * Opens a file for reading. It is opened normally: a leftover write-ahead log is part of the
   * data.
   *
   * @throws RefusedException where there is no such file, or it is no healthy database
   */
  static Source open(Path file) throws SQLException {
    if (!Files.isRegularFile(file)) {
      throw new RefusedException("SourceNotFound", "there is no database file " + file);
    }
    Properties properties = new Properties();
    properties.setProperty("open_mode", "1");
    Source source = new Source(DriverManager.getConnection("jdbc:sqlite:" + file, properties));
    source.checkIntegrity();
    return source;
  }

  private void checkIntegrity() throws SQLException {
    try {
      List<String> faults = Sql.list(connection, "PRAGMA quick_check(5)", rs -> rs.getString(1));
      // A custom function in an index or a generated column is no corruption; its columns are
      // simply not read.
      if (!faults.equals(List.of("ok"))
          && faults.stream()
              .noneMatch(f -> f.toLowerCase(Locale.ROOT).contains("unknown function"))) {
        throw new RefusedException(
            "IntegrityCheckFailed", "SQLite's quick_check: " + String.join("; ", faults));
      }
    } catch (SQLException e) {
      if (!String.valueOf(e.getMessage()).contains("no such function")
          && !String.valueOf(e.getMessage()).contains("unknown function")) {
        throw new RefusedException(
            "IntegrityCheckFailed", "not a readable database: " + e.getMessage());
      }
    }
  }

  /** Tables with rows of their own; virtual tables and their shadows are left out. */
  List<SourceTable> tables() throws SQLException {
    record Listed(String name, boolean withoutRowid) {}
    List<Listed> listed =
        Sql.list(
            connection,
            "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
                + " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
            rs -> new Listed(rs.getString(1), rs.getInt(2) == 1));
    boolean sequences =
        !Sql.list(connection, "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'", rs -> 1)
            .isEmpty();
    List<SourceTable> tables = new ArrayList<>();
    for (Listed table : listed) {
      List<SourceColumn> columns = columns(table.name());
      tables.add(
          new SourceTable(
              table.name(),
              columns,
              table.withoutRowid() ? "" : rowid(columns),
              sequences ? sequence(table.name()) : 0));
    }
    return tables;
  }

  /** Virtual tables and their shadows, which are not moved. */
  List<String> skipped() throws SQLException {
    return Sql.list(
        connection,
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('virtual', 'shadow') ORDER BY name",
        rs -> rs.getString(1));
  }

  private List<SourceColumn> columns(String table) throws SQLException {
    return Sql.list(
        connection,
        "SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY cid",
        rs ->
            new SourceColumn(
                rs.getString(1),
                Objects.requireNonNullElse(rs.getString(2), ""),
                rs.getBoolean(3),
                rs.getInt(4)),
        table);
  }

  private static String rowid(List<SourceColumn> columns) {
    Set<String> taken = new java.util.HashSet<>();
    columns.forEach(c -> taken.add(c.name().toLowerCase(Locale.ROOT)));
    return List.of("rowid", "_rowid_", "oid").stream()
        .filter(name -> !taken.contains(name))
        .findFirst()
        .orElse("");
  }

  private long sequence(String table) throws SQLException {
    return Sql.list(
            connection,
            "SELECT seq FROM sqlite_sequence WHERE name = ?",
            rs -> rs.getLong(1),
            table)
        .stream()
        .findFirst()
        .orElse(0L);
  }

  /** Takes a row. */
  interface Rows {
    void row(long rowid, List<Value> values) throws Exception;
  }

  /** Streams a table's rows. */
  void read(SourceTable table, List<SourceColumn> columns, Rows rows) throws Exception {
    StringBuilder sql = new StringBuilder("SELECT ");
    sql.append(table.rowid().isEmpty() ? "0" : table.rowid());
    for (SourceColumn column : columns) {
      String name = Sql.quote(column.name());
      sql.append(", typeof(").append(name).append("), ").append(name);
    }
    sql.append(" FROM ").append(Sql.quote(table.name()));
    try (Statement statement = connection.createStatement();
        ResultSet rs = statement.executeQuery(sql.toString())) {
      long position = 0;
      while (rs.next()) {
        position++;
        List<Value> values = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
          values.add(value(rs, 2 + 2 * i));
        }
        rows.row(table.rowid().isEmpty() ? position : rs.getLong(1), values);
      }
    }
  }

  private Value value(ResultSet rs, int typeIndex) throws SQLException {
    return switch (rs.getString(typeIndex)) {
      case "null" -> Value.NULL;
      case "integer" -> new Value.Int(rs.getLong(typeIndex + 1));
      case "real" -> new Value.Real(rs.getDouble(typeIndex + 1));
      case "text" -> new Value.Text(text(rs, typeIndex + 1));
      default -> new Value.Blob(bytes(rs, typeIndex + 1));
    };
  }

  private byte[] text(ResultSet rs, int index) throws SQLException {
    return utf8
        ? bytes(rs, index)
        : Objects.requireNonNullElse(rs.getString(index), "").getBytes(StandardCharsets.UTF_8);
  }

  /** An empty blob comes back as null from the driver. */
  private static byte[] bytes(ResultSet rs, int index) throws SQLException {
    return Objects.requireNonNullElse(rs.getBytes(index), new byte[0]);
  }

  long count(String table) throws SQLException {
    return Sql.list(connection, "SELECT count(*) FROM " + Sql.quote(table), rs -> rs.getLong(1))
        .getFirst();
  }

  /** All rows of a small table as text, for comparing bookkeeping tables. */
  List<String> rowsAsText(String table, List<String> columns) throws SQLException {
    return Sql.list(
        connection,
        "SELECT " + Sql.quoteAll(columns) + " FROM " + Sql.quote(table),
        rs -> {
          StringBuilder row = new StringBuilder();
          for (int i = 1; i <= columns.size(); i++) {
            row.append(rs.getString(i)).append('|');
          }
          return row.toString();
        });
  }

  /** Rowids (up to {@code limit}) of a query over a table. */
  List<Long> rowids(String sql) throws SQLException {
    return Sql.list(connection, sql, rs -> rs.getLong(1));
  }

  private String single(String sql) throws SQLException {
    return Sql.list(connection, sql, rs -> rs.getString(1)).getFirst();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
