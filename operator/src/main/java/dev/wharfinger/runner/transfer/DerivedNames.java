package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sqlite.SourceCatalog;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceIndex;
import dev.wharfinger.runner.transfer.sqlite.SourceTable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Names of a derived schema. PostgreSQL keeps the first 63 bytes of a name, also of the one by
 * which an application asks, so tables and columns are named so. An index or a CHECK of which that
 * would make another one's name gets a hash of its whole name at its end, whatever the order in
 * which they are made.
 */
final class DerivedNames {
  private static final int HASHED_BYTES = 54;
  private final Map<String, Integer> taken = new HashMap<>();

  /** Names of the tables and indexes of a file, and those that PostgreSQL makes for them. */
  static DerivedNames of(SourceCatalog catalog) {
    DerivedNames names = new DerivedNames();
    for (SourceTable table : catalog.tables()) {
      String name = Names.truncate(table.name());
      names.take(name);
      if (!DerivedTable.primaryKey(table).isEmpty()) {
        names.take(name + "_pkey");
      }
      for (SourceColumn column : table.columns()) {
        if (column.primaryKey() == 1 && Names.same(column.declaredType(), "INTEGER")) {
          names.take(name + "_" + column.name() + "_seq");
        }
      }
      for (SourceIndex index : table.indexes()) {
        if (index.origin().equals("c")) {
          names.take(index.name());
        }
      }
    }
    return names;
  }

  /** One more of this name. */
  void take(String name) {
    taken.merge(Names.truncate(name), 1, Integer::sum);
  }

  /** The name, which was taken before, as it stands on PostgreSQL. */
  String of(String name) {
    String kept = Names.truncate(name);
    return taken.getOrDefault(kept, 0) > 1 ? hashed(name) : kept;
  }

  private static String hashed(String name) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return Names.truncate(name, HASHED_BYTES) + "_" + HexFormat.of().formatHex(hash, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
