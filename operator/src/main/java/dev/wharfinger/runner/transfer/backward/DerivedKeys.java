package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetForeignKey;
import dev.wharfinger.runner.transfer.postgresql.TargetTable;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Keys, indexes and checks of PostgreSQL's tables, for a derived file. */
final class DerivedKeys {
  private final Connection connection;
  private final Findings findings;
  private final Map<String, String> skipped;

  DerivedKeys(Connection connection, Findings findings, Map<String, String> skipped) {
    this.connection = connection;
    this.findings = findings;
    this.skipped = skipped;
  }

  private static String oid(TargetTable table) {
    return Sql.literal(table.sql()) + "::regclass";
  }

  private List<List<String>> constraints(TargetTable table, char type) throws SQLException {
    List<List<String>> keys = new ArrayList<>();
    Sql.each(
        connection,
        """
        SELECT (SELECT array_agg(a.attname::text ORDER BY u.n) FROM unnest(conkey) WITH ORDINALITY u(c, n)
                JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = u.c)
        FROM pg_constraint WHERE conrelid = %s AND contype = '%s' ORDER BY conname\
        """
            .formatted(oid(table), type),
        row -> keys.add(Arrays.asList((String[]) row.getArray(1).getArray())));
    return keys;
  }

  List<String> primaryKey(TargetTable table) throws SQLException {
    List<List<String>> keys = constraints(table, 'p');
    return keys.isEmpty() ? List.of() : keys.getFirst();
  }

  List<String> unique(TargetTable table) throws SQLException {
    return constraints(table, 'u').stream()
        .map(key -> "UNIQUE (" + DerivedFile.quoted(key) + ")")
        .toList();
  }

  /** CHECKs are expressions of PostgreSQL; none of them is translated. */
  void checks(TargetTable table) throws SQLException {
    Sql.each(
        connection,
        "SELECT conname, pg_get_constraintdef(oid), contype FROM pg_constraint WHERE conrelid = %s"
                .formatted(oid(table))
            + " AND contype IN ('c', 'x')",
        row ->
            findings.add(
                table.name(), row.getString(1), "check-not-translatable", row.getString(2)));
  }

  String actions(TargetTable table, TargetForeignKey key) throws SQLException {
    String definition =
        Sql.text(
            connection,
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s AND conname = %s"
                .formatted(oid(table), Sql.literal(key.name())));
    int end = definition.lastIndexOf(')') + 1;
    return definition.substring(end).replace(" NOT VALID", "");
  }

  /** CREATE INDEX of those that are made of columns alone. */
  List<String> indexes(TargetTable table) throws SQLException {
    List<String> statements = new ArrayList<>();
    Sql.each(
        connection,
        """
        SELECT c.relname, i.indisunique, m.amname = 'btree' AND i.indexprs IS NULL AND i.indpred IS NULL
               AND NOT coalesce((to_jsonb(i)->>'indnullsnotdistinct')::boolean, false),
               (SELECT array_agg(coalesce(a.attname::text, '') ORDER BY u.n)
                FROM unnest(i.indkey::int2[]) WITH ORDINALITY u(c, n)
                LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.c
                WHERE u.n <= i.indnkeyatts)
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_am m ON m.oid = c.relam
        WHERE i.indrelid = %s
          AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
        ORDER BY c.relname\
        """
            .formatted(oid(table)),
        row -> {
          String name = row.getString(1);
          if (row.getBoolean(3)) {
            statements.add(
                "CREATE %sINDEX %s ON %s (%s)"
                    .formatted(
                        row.getBoolean(2) ? "UNIQUE " : "",
                        Quoting.name(name),
                        Quoting.name(table.name()),
                        DerivedFile.quoted(Arrays.asList((String[]) row.getArray(4).getArray()))));
          } else if (row.getBoolean(2)) {
            findings.add(table.name(), name, "unique-index-not-translatable", "");
          } else {
            skipped.put(table.name() + "." + name, "index left out");
          }
        });
    return statements;
  }
}
