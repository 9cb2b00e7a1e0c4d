package dev.wharfinger.runner.schema;

import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A database whose schema is migrated. */
public final class SchemaDatabase {
  /** The application may be writing. */
  private static final int BUSY_TIMEOUT_MILLIS = 30_000;

  private final @Nullable PostgresUrl server;
  private final @Nullable Path file;
  private final UnaryOperator<String> scrub;

  private SchemaDatabase(
      @Nullable PostgresUrl server, @Nullable Path file, UnaryOperator<String> scrub) {
    this.server = server;
    this.file = file;
    this.scrub = scrub;
  }

  /** On a PostgreSQL server, reached directly. */
  public static SchemaDatabase of(PostgresUrl server, UnaryOperator<String> scrub) {
    return new SchemaDatabase(server, null, scrub);
  }

  /**
   * A SQLite file.
   *
   * @throws SchemaException where it is not there: an empty file in its place would hide the loss
   */
  public static SchemaDatabase of(Path file, UnaryOperator<String> scrub) {
    if (!Files.isRegularFile(file)) {
      throw SchemaException.lasting(
          "file-missing", file.getFileName() + " is not on the volume; nothing was made");
    }
    return new SchemaDatabase(null, file, scrub);
  }

  /** The file, or null on a server. */
  public @Nullable Path file() {
    return file;
  }

  /** Tells Flyway where it is. */
  FluentConfiguration configure(FluentConfiguration flyway) {
    if (server != null) {
      Map<String, String> properties = new TreeMap<>(server.properties());
      // Details of errors have rows, and messages are for everybody.
      properties.put("logServerErrorDetail", "false");
      // Flyway's lock is one of its session, not of a transaction that stays open meanwhile:
      // CREATE INDEX CONCURRENTLY waits for the end of every transaction there is.
      flyway
          .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
          .setTransactionalLock(false);
      return flyway
          .dataSource(server.jdbc(), server.user(), server.password())
          .jdbcProperties(properties)
          // A statement that waits for a lock makes all others wait behind it, readers too.
          .initSql("SET lock_timeout = '30s'");
    }
    return flyway.dataSource(source());
  }

  Connection connect() throws SQLException {
    return server == null ? source().getConnection() : server.connect();
  }

  /**
   * What migration tools have written down about it; nothing is written.
   *
   * @throws SchemaException where it cannot be read
   */
  public List<Revisions> revisions() {
    try {
      if (server != null) {
        try (Connection connection = server.connect()) {
          connection.setReadOnly(true);
          return Revisions.of(connection, true);
        }
      }
      SourceDatabase source = SourceDatabase.open(Objects.requireNonNull(file));
      try {
        return Revisions.of(source.connection(), false);
      } finally {
        source.abandon();
      }
    } catch (SQLException e) {
      String words = scrub(FailureWords.of(e));
      throw FailureWords.mayPass(e)
          ? SchemaException.passing("database-unavailable", words)
          : SchemaException.lasting("not-readable", words);
    }
  }

  /**
   * Makes a checked copy of the file, unless there is nothing in it yet.
   *
   * @param to where to; a file of that name is the copy of an earlier try
   * @return the copy's file name, or null
   * @throws SchemaException where it cannot be made, or is not sound
   */
  public @Nullable String copy(Path to) {
    if (file == null) {
      throw SchemaException.lasting("copy-failed", "--copy-to is for a SQLite file");
    }
    try {
      if (isEmpty()) {
        return null;
      }
      FileCopy made = FileCopy.make(file, to);
      System.err.println("copied to " + made.file() + ", sha256 " + made.sha256());
      return String.valueOf(made.file().getFileName());
    } catch (IOException e) {
      throw SchemaException.lasting(
          "copy-failed", scrub("no copy could be made: " + e.getMessage()));
    } catch (SQLException e) {
      String words = scrub(FailureWords.of(e));
      throw FailureWords.mayPass(e)
          ? SchemaException.passing("database-unavailable", words)
          : SchemaException.lasting("copy-failed", words);
    }
  }

  /**
   * Deletes the oldest copies of before, when what the newest was made for has been done.
   *
   * @param newest stays; where it is not there, none was made and none is deleted
   */
  public void prune(Path newest) {
    if (Files.exists(newest)) {
      OldCopies.prune(newest);
    }
  }

  /** Whether a file has no table, index or view. */
  boolean isEmpty() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
      return rows.getLong(1) == 0;
    }
  }

  private SQLiteDataSource source() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + SourceDatabase.uri(Objects.requireNonNull(file)));
    return source;
  }

  /** Without the password, whoever put it there. */
  String scrub(String text) {
    String password = server == null ? null : server.password();
    String known = password == null || password.isEmpty() ? text : text.replace(password, "***");
    return scrub.apply(known);
  }
}
