package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.backward.LikeFile.SchemaObject;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SnapshotDirectory;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.SourceTable;
import dev.wharfinger.runner.transfer.sqlite.VirtualTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The database that is being made, under a name of ours. It has no journal: half of it is thrown
 * away, never repaired.
 */
final class NewDatabase implements AutoCloseable {
  private final Connection connection;
  private final LikeFile like;
  private final Findings findings;

  private NewDatabase(Connection connection, LikeFile like, Findings findings) {
    this.connection = connection;
    this.like = like;
    this.findings = findings;
  }

  /**
   * Makes the file, with page size and encoding of the one it is to be like.
   *
   * @param room bytes that it may take; with more, SQLite says that the disk is full
   */
  static NewDatabase create(Path file, long room, LikeFile like, Findings findings)
      throws SQLException, IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Properties properties = new Properties();
    // The driver would ask for the row's number behind every row.
    properties.setProperty("jdbc.get_generated_keys", "false");
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + SourceDatabase.uri(file), properties);
    NewDatabase made = new NewDatabase(connection, like, findings);
    made.run("PRAGMA main.page_size=" + like.pragma("page_size"));
    long pages = room / Long.parseLong(like.pragma("page_size"));
    made.run("PRAGMA main.max_page_count=" + Math.clamp(pages, 1, 4_294_967_294L));
    made.run("PRAGMA encoding='" + like.pragma("encoding") + "'");
    made.run("PRAGMA main.auto_vacuum=" + like.pragma("auto_vacuum"));
    made.run("PRAGMA foreign_keys=OFF");
    made.run("PRAGMA main.synchronous=OFF");
    made.run("PRAGMA main.journal_mode=OFF");
    // Of this file alone: the pattern may be open elsewhere.
    made.run("PRAGMA main.locking_mode=EXCLUSIVE");
    made.run("PRAGMA main.cache_size=-65536");
    made.run("ATTACH " + Quoting.text(SourceDatabase.uri(like.file())) + " AS pattern");
    connection.setAutoCommit(false);
    return made;
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  Connection connection() {
    return connection;
  }

  /** Makes the ordinary tables; says whether all could be made. */
  boolean tables() throws SQLException {
    boolean all = true;
    for (SchemaObject object : like.objects()) {
      if (object.type().equals("table") && object.kind().isEmpty()) {
        all &= make(object);
      }
    }
    if (FileRecord.exists(like.database())) {
      run("INSERT INTO main." + FileRecord.TABLE + " SELECT * FROM pattern." + FileRecord.TABLE);
    }
    return all;
  }

  private boolean make(SchemaObject object) throws SQLException {
    try {
      run(object.sql());
      return true;
    } catch (SQLException e) {
      if (SqliteErrors.damage(e)) {
        throw e;
      }
      findings.add(object.name(), "", "schema-rejected-by-sqlite", SqliteErrors.brief(e));
      return false;
    }
  }

  /** Copies the rows of a table that PostgreSQL does not have. */
  void keep(SourceTable table) throws SQLException {
    String columns =
        table.columns().stream()
            .filter(column -> !column.generated())
            .map(SourceColumn::name)
            .map(Quoting::name)
            .collect(Collectors.joining(", "));
    String name = Quoting.name(table.name());
    run(
        "INSERT INTO main.%s (%s) SELECT %s FROM pattern.%s"
            .formatted(name, columns, columns, name));
  }

  /** Makes sure that what only the file has came over as it is there. */
  void proveOwn(BackTable table) throws SQLException {
    if (table.found > 0 && number(table.differingSql()) > 0) {
      throw new SQLException(
          "what only the file has in table " + table.sqlite.name() + " did not arrive as it is");
    }
  }

  /**
   * Has indexes sorted in {@code directory}, where there is room for them and for what is being
   * sorted; otherwise it is done in the directory for temporary files. No file there has a name.
   */
  void sortIn(Path directory) throws SQLException, IOException {
    // One index at a time, and none is longer than all the rows.
    long bytes = number("PRAGMA main.page_count") * number("PRAGMA main.page_size");
    if (SnapshotDirectory.usable(directory) > 2 * bytes) {
      run("PRAGMA temp_store_directory=" + Quoting.text(directory.toString()));
    }
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** Makes what is faster or safer to make behind the rows. */
  void rest(Map<String, String> skipped, Findings warnings) throws SQLException {
    for (SchemaObject object : like.objects()) {
      if (object.type().equals("index")) {
        try {
          run(object.sql());
        } catch (SQLException e) {
          boolean schema = !SqliteErrors.damage(e);
          findings.add(
              object.name(),
              schema ? "" : SqliteErrors.place(e, ""),
              schema ? "schema-rejected-by-sqlite" : SqliteErrors.rule(e),
              schema ? SqliteErrors.brief(e) : "a unique index");
        }
      }
    }
    all("view");
    VirtualTables virtual = new VirtualTables(connection, like, skipped, warnings);
    for (VirtualTable table : VirtualTable.of(like.database(), like.catalog())) {
      if (make(new SchemaObject("table", table.name(), table.sql(), "virtual"))) {
        virtual.fill(table);
      }
    }
    // Behind the virtual tables' own work: a trigger must not run while we write.
    all("trigger");
  }

  private void all(String type) throws SQLException {
    for (SchemaObject object : like.objects()) {
      if (object.type().equals(type)) {
        make(object);
      }
    }
  }

  /** The last number that AUTOINCREMENT shall have given out; never goes back. */
  void sequence(String table, long last) throws SQLException {
    String name = Quoting.text(table);
    run(
        "INSERT INTO sqlite_sequence (name, seq) SELECT %s, 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = %s)"
            .formatted(name, name));
    run("UPDATE sqlite_sequence SET seq = max(seq, %d) WHERE name = %s".formatted(last, name));
  }

  /** Commits, and makes the header like that of the pattern. */
  void finish() throws SQLException {
    connection.commit();
    connection.setAutoCommit(true);
    run("PRAGMA application_id=" + like.pragma("application_id"));
    run("PRAGMA user_version=" + like.pragma("user_version"));
    boolean log = like.pragma("journal_mode").equalsIgnoreCase("wal");
    run("DETACH pattern");
    // Out of the exclusive mode first: in it, no file is made that others could share.
    run("PRAGMA main.locking_mode=NORMAL");
    run("PRAGMA main.journal_mode=" + (log ? "WAL" : "DELETE"));
  }

  @Override
  public void close() throws SQLException {
    try (connection) {
      // It holds for the whole process.
      run("PRAGMA temp_store_directory=''");
    }
  }
}
