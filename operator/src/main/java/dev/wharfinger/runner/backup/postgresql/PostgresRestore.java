package dev.wharfinger.runner.backup.postgresql;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.ObjectInput;
import dev.wharfinger.runner.backup.RequiredKeys;
import dev.wharfinger.runner.backup.RestoreRecord;
import dev.wharfinger.runner.backup.Steps;
import dev.wharfinger.runner.backup.StoredSet;
import dev.wharfinger.runner.backup.Warnings;
import dev.wharfinger.runner.backup.seal.Identities;
import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Restores a set of PostgreSQL into an empty database, in one transaction. */
public final class PostgresRestore {
  /** What a new database has not. */
  private static final String THINGS =
      """
      SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
          AND d.objid = c.oid AND d.deptype = 'e')\
      """;

  private final StoredSet set;
  private final Identities identities;
  private final PostgresUrl target;
  private final boolean keepOwners;
  private final List<Path> programs;
  private final Beside beside;
  private final Steps steps;

  /** Restores what is in no database, once everything was found to be whole and suitable. */
  public interface Beside {
    /** Restores it; again where an earlier try was killed. */
    void restore() throws Exception;
  }

  /**
   * A restore that was not begun.
   *
   * @param keepOwners whether everything belongs to whom it did, or to the role of the URL
   * @param beside comes before the database: who finds that filled finds all of it
   */
  public PostgresRestore(
      StoredSet set,
      Identities identities,
      PostgresUrl target,
      boolean keepOwners,
      List<Path> programs,
      Beside beside,
      Steps steps) {
    this.set = set;
    this.identities = identities;
    this.target = target;
    this.keepOwners = keepOwners;
    this.programs = programs;
    this.beside = beside;
    this.steps = steps;
  }

  /**
   * Restores.
   *
   * @param task what it is called each time it is told, where it is told again until it is done:
   *     what a killed try has committed is only compared, and the database says that all of it is
   *     there
   * @throws BackupException where nothing was restored, but for {@code rows-differ}
   */
  public void run(RequiredKeys keys, Warnings warnings, @Nullable String task) throws Exception {
    if (!set.manifest().path("engine").asText().equals(PostgresBackup.ENGINE)) {
      throw BackupException.refused("other-engine", "set " + set.id() + " is not of PostgreSQL");
    }
    keys.check(set.manifest(), warnings);
    identities.check(set.recipients());
    RestoreRecord record = task == null ? null : RestoreRecord.of(task, set);
    boolean committed;
    try (Connection connection = target.connect()) {
      // All of it is one transaction, so there is all of it or nothing.
      committed =
          record != null
              && record.same(RestoreMark.BEGUN.read(connection))
              && Sql.number(connection, THINGS) > 0;
    }
    if (!committed) {
      restore(record);
    }
    steps.at("checking", "the rows of every table");
    try (Connection connection = target.connect()) {
      Sql.run(connection, "ANALYZE");
      compare(connection);
      if (record != null) {
        RestoreMark.DONE.write(connection, record);
      }
    }
  }

  /** What this database says of this very restore, where it was done to its end; else null. */
  public static @Nullable RestoreRecord done(PostgresUrl target, String task, String set)
      throws SQLException {
    try (Connection connection = target.connect()) {
      RestoreRecord record = RestoreMark.DONE.read(connection);
      return record != null && record.speaksOf(task, set) ? record : null;
    }
  }

  private void restore(@Nullable RestoreRecord record) throws Exception {
    ClientPrograms client;
    try (Connection connection = target.connect()) {
      client = suitable(connection);
    }
    steps.at("verifying", "what is stored");
    set.sound();
    beside.restore();
    if (record != null) {
      try (Connection connection = target.connect()) {
        RestoreMark.BEGUN.write(connection, record);
      }
    }
    steps.at("restoring", set.id());
    List<String> command =
        new ArrayList<>(
            client.command(
                "pg_restore",
                "--exit-on-error",
                "--single-transaction",
                "--no-password",
                // Empty: all of it is in the environment.
                "--dbname=postgresql://"));
    if (!keepOwners) {
      command.addAll(List.of("--no-owner", "--no-privileges"));
    }
    Failpoint.at("before-place");
    try (ObjectInput in = set.read(PostgresBackup.DUMP + ending(), identities);
        Pipe pipe = Pipe.start(command, target)) {
      feed(in, pipe);
      pipe.output().close();
      pipe.succeed("restore-failed");
      in.finish();
    }
    Failpoint.at("after-place");
  }

  /** A program that ended early has said why, and the broken pipe has not. */
  private static void feed(ObjectInput in, Pipe pipe)
      throws IOException, InterruptedException, BackupException {
    byte[] buffer = new byte[1 << 16];
    try (OutputStream out = pipe.input()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        try {
          out.write(buffer, 0, count);
        } catch (IOException e) {
          pipe.succeed("restore-failed");
          throw e;
        }
      }
    }
  }

  private String ending() {
    return set.recipients().isEmpty() ? "" : ".age";
  }

  private ClientPrograms suitable(Connection connection)
      throws SQLException, IOException, InterruptedException, BackupException {
    int major = ServerFacts.major(connection);
    int dumped = set.manifest().path("tools").path("pgDump").asInt();
    if (major < dumped) {
      throw BackupException.refused(
          "server-older",
          "the set is of PostgreSQL %d and this server is %d; restore into %d or newer"
              .formatted(dumped, major, dumped));
    }
    if (Sql.number(connection, THINGS) > 0) {
      throw BackupException.refused(
          "database-not-empty",
          target + " is not empty; nothing is ever replaced: restore into a new database");
    }
    if (keepOwners) {
      owners(connection);
    }
    return ClientPrograms.of(major, programs);
  }

  private void owners(Connection connection) throws SQLException, BackupException {
    List<String> missing = new ArrayList<>();
    for (JsonNode owner : set.manifest().path("owners")) {
      String may =
          "SELECT count(*) FROM pg_roles WHERE rolname = "
              + Sql.literal(owner.asText())
              + " AND pg_has_role(oid, 'MEMBER')";
      if (Sql.number(connection, may) == 0) {
        missing.add(owner.asText());
      }
    }
    if (!missing.isEmpty()) {
      throw BackupException.refused(
          "owner-missing",
          "things belong to %s, to whom %s cannot give them here; make the roles or say --no-owner"
              .formatted(missing, target.user()));
    }
  }

  private void compare(Connection connection) throws Exception {
    List<String> wrong = RestoredRows.of(set, identities).differences(connection);
    if (!wrong.isEmpty()) {
      throw BackupException.refused(
          "rows-differ",
          "restored, but not with the rows that were counted: %s; do not use it"
              .formatted(String.join(", ", wrong.stream().limit(20).toList())));
    }
  }
}
