package dev.wharfinger.runner.transfer.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a table takes only some rows for: its B-tree indexes, its checks, its domains. */
public final class TargetRules {
  /**
   * A B-tree index.
   *
   * @param name its name
   * @param unique whether it is unique
   * @param nullsDistinct whether NULL differs from NULL
   * @param parts what it is made of, as SQL
   * @param where the condition of its rows, {@code true} without
   * @param bytes the length of its parts, as SQL
   * @param partial whether it has a condition
   * @param plain whether it compares whole columns as their types do by default
   * @param columns the columns it is made of; an empty name stands for an expression
   */
  public record Index(
      String name,
      boolean unique,
      boolean nullsDistinct,
      String parts,
      String where,
      String bytes,
      boolean partial,
      boolean plain,
      List<String> columns) {
    /** Whether other columns than {@link #columns} may have a say. */
    public boolean computed() {
      return partial || columns.contains("");
    }
  }

  /**
   * A check.
   *
   * @param name its name
   * @param condition as SQL
   * @param columns the columns it names
   * @param wholeRow whether it looks at more than these
   */
  public record Check(String name, String condition, List<String> columns, boolean wholeRow) {}

  private final Map<String, List<Index>> indexes = new HashMap<>();
  private final Map<String, List<Check>> checks = new HashMap<>();
  private final Map<String, Set<String>> domains = new HashMap<>();

  private TargetRules() {}

  /** Reads the rules of all tables of a schema. */
  public static TargetRules read(Connection connection, String schema) throws SQLException {
    TargetRules rules = new TargetRules();
    String in = " = (SELECT oid FROM pg_namespace WHERE nspname = " + Sql.literal(schema) + ")";
    rules.indexes(connection, in);
    rules.checks(connection, in);
    rules.domains(connection, in);
    return rules;
  }

  public List<Index> indexes(TargetTable table) {
    return indexes.getOrDefault(table.name(), List.of());
  }

  public List<Check> checks(TargetTable table) {
    return checks.getOrDefault(table.name(), List.of());
  }

  /** Columns whose type is a domain. */
  public Set<String> domains(TargetTable table) {
    return domains.getOrDefault(table.name(), Set.of());
  }

  private void indexes(Connection connection, String inSchema) throws SQLException {
    Sql.each(
        connection,
        """
        SELECT c.relname, i.indexrelid::regclass::text, i.indisunique,
               NOT coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false),
               string_agg(pg_get_indexdef(i.indexrelid, n, true), ', ' ORDER BY n),
               coalesce(pg_get_expr(i.indpred, i.indrelid), 'true'),
               string_agg(format('coalesce(octet_length((%%s)::text), 0)',
                                 pg_get_indexdef(i.indexrelid, n, true)), ' + '),
               i.indpred IS NOT NULL,
               bool_and(a.attname IS NOT NULL AND o.opcdefault AND coalesce(l.collisdeterministic, true)),
               array_agg(coalesce(a.attname::text, '') ORDER BY n)
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid AND c.relkind = 'r' AND c.relnamespace%s
        JOIN pg_class x ON x.oid = i.indexrelid
        JOIN pg_am m ON m.oid = x.relam AND m.amname = 'btree'
        CROSS JOIN generate_series(1, i.indnkeyatts) n
        JOIN pg_opclass o ON o.oid = i.indclass[n - 1]
        LEFT JOIN pg_collation l ON l.oid = i.indcollation[n - 1]
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[n - 1]
        GROUP BY c.relname, i.indexrelid, i.indisunique, i.indpred, i.indrelid, to_jsonb(i)
        ORDER BY 1, 2\
        """
            .formatted(inSchema),
        row ->
            indexes
                .computeIfAbsent(row.getString(1), table -> new ArrayList<>())
                .add(
                    new Index(
                        row.getString(2),
                        row.getBoolean(3),
                        row.getBoolean(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getBoolean(8),
                        row.getBoolean(9),
                        Arrays.asList((String[]) row.getArray(10).getArray()))));
  }

  private void checks(Connection connection, String inSchema) throws SQLException {
    Sql.each(
        connection,
        """
        SELECT c.relname, k.conname, pg_get_expr(k.conbin, k.conrelid),
               ARRAY(SELECT a.attname::text FROM pg_attribute a
                     WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) ORDER BY a.attnum),
               coalesce(0 = ANY (k.conkey), true)
        FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid AND c.relkind = 'r' AND c.relnamespace%s
        WHERE k.contype = 'c' AND k.convalidated ORDER BY 1, 2\
        """
            .formatted(inSchema),
        row ->
            checks
                .computeIfAbsent(row.getString(1), table -> new ArrayList<>())
                .add(
                    new Check(
                        row.getString(2),
                        row.getString(3),
                        Arrays.asList((String[]) row.getArray(4).getArray()),
                        row.getBoolean(5))));
  }

  private void domains(Connection connection, String inSchema) throws SQLException {
    Sql.each(
        connection,
        """
        SELECT c.relname, a.attname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_type t ON t.oid = a.atttypid AND t.typtype = 'd'
        WHERE c.relkind = 'r' AND c.relnamespace%s\
        """
            .formatted(inSchema),
        row ->
            domains
                .computeIfAbsent(row.getString(1), table -> new HashSet<>())
                .add(row.getString(2)));
  }
}
