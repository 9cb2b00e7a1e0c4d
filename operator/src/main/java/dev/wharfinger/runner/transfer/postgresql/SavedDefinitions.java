package dev.wharfinger.runner.transfer.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What stands in the way of a load: foreign keys, indexes that belong to no constraint, and the
 * owner's triggers. Taken away before it and put back after it in the same transaction, with the
 * rights of the tables' owner alone.
 */
public final class SavedDefinitions {
  private final List<String> remove = new ArrayList<>();
  private final List<String> restoreIndexes = new ArrayList<>();
  private final List<String> restoreKeys = new ArrayList<>();
  private final List<String> restoreTriggers = new ArrayList<>();

  private SavedDefinitions() {}

  /** Reads the definitions of {@code tables}, and of the foreign keys that lead to them. */
  public static SavedDefinitions of(Connection connection, Collection<TargetTable> tables)
      throws SQLException {
    SavedDefinitions saved = new SavedDefinitions();
    String oids =
        tables.stream()
            .map(table -> Sql.literal(table.sql()) + "::regclass")
            .collect(Collectors.joining(", ", "(", ")"));
    saved.foreignKeys(connection, oids);
    saved.indexes(connection, oids);
    saved.triggers(connection, oids);
    return saved;
  }

  private void foreignKeys(Connection connection, String oids) throws SQLException {
    Sql.each(
        connection,
        """
        SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
               format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
                      pg_get_constraintdef(oid)),
               format('COMMENT ON CONSTRAINT %%I ON %%s IS %%L', conname, conrelid::regclass,
                      obj_description(oid, 'pg_constraint')),
               obj_description(oid, 'pg_constraint') IS NOT NULL
        FROM pg_constraint
        WHERE contype = 'f' AND conparentid = 0 AND (conrelid IN %1$s OR confrelid IN %1$s)
        ORDER BY conrelid, conname\
        """
            .formatted(oids),
        row -> {
          remove.add(row.getString(1));
          restoreKeys.add(row.getString(2));
          if (row.getBoolean(4)) {
            restoreKeys.add(row.getString(3));
          }
        });
  }

  private void indexes(Connection connection, String oids) throws SQLException {
    Sql.each(
        connection,
        """
        SELECT format('DROP INDEX %%s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid),
               format('COMMENT ON INDEX %%s IS %%L', i.indexrelid::regclass,
                      obj_description(i.indexrelid, 'pg_class')),
               obj_description(i.indexrelid, 'pg_class') IS NOT NULL
        FROM pg_index i
        WHERE i.indrelid IN %s AND i.indisvalid AND NOT i.indisreplident AND NOT i.indisclustered
          AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid
                            AND c.contype IN ('p', 'u', 'x'))
        ORDER BY i.indexrelid\
        """
            .formatted(oids),
        row -> {
          remove.add(row.getString(1));
          restoreIndexes.add(row.getString(2));
          if (row.getBoolean(4)) {
            restoreIndexes.add(row.getString(3));
          }
        });
  }

  private void triggers(Connection connection, String oids) throws SQLException {
    Sql.each(
        connection,
        """
        SELECT format('ALTER TABLE %%s DISABLE TRIGGER %%I', tgrelid::regclass, tgname),
               format('ALTER TABLE %%s ENABLE %%sTRIGGER %%I', tgrelid::regclass,
                      CASE tgenabled WHEN 'A' THEN 'ALWAYS ' WHEN 'R' THEN 'REPLICA ' ELSE '' END,
                      tgname)
        FROM pg_trigger
        WHERE tgrelid IN %s AND NOT tgisinternal AND tgenabled <> 'D' ORDER BY tgrelid, tgname\
        """
            .formatted(oids),
        row -> {
          remove.add(row.getString(1));
          restoreTriggers.add(row.getString(2));
        });
  }

  /** Takes everything away. */
  public void remove(Connection connection) throws SQLException {
    runAll(connection, remove);
  }

  /** What puts everything back, in order. */
  public List<String> restore() {
    return Stream.of(restoreIndexes, restoreKeys, restoreTriggers).flatMap(List::stream).toList();
  }

  /** Puts everything back; foreign keys are checked against the rows that are there now. */
  public void restore(Connection connection) throws SQLException {
    runAll(connection, restore());
  }

  private static void runAll(Connection connection, List<String> statements) throws SQLException {
    if (!statements.isEmpty()) {
      // At once: there may be hundreds, and the server may be far away.
      Sql.run(connection, String.join(";\n", statements));
    }
  }
}
