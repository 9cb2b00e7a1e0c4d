package dev.wharfinger.runner.backup.postgresql;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.CatalogueLine;
import dev.wharfinger.runner.backup.ObjectInput;
import dev.wharfinger.runner.backup.SetNames;
import dev.wharfinger.runner.backup.StoredSet;
import dev.wharfinger.runner.backup.seal.Identities;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many rows each table had when the set was made, compared with those of a database. */
public final class RestoredRows {
  private final Map<String, Long> rows;
  private final boolean whole;

  private RestoredRows(Map<String, Long> rows, boolean whole) {
    this.rows = rows;
    this.whole = whole;
  }

  /** Reads what a set says. */
  public static RestoredRows of(StoredSet set, Identities identities)
      throws IOException, BackupException {
    Map<String, Long> rows = new LinkedHashMap<>();
    boolean whole = true;
    String ending = set.recipients().isEmpty() ? "" : ".age";
    try (ObjectInput in = set.read(SetNames.CATALOGUE + ending, identities);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        JsonNode line = CatalogueLine.read(text);
        String kind = line.path("kind").asText();
        if (kind.equals(CatalogueLine.FOLDER) || kind.equals(CatalogueLine.FILE)) {
          continue;
        }
        if (kind.equals(CatalogueLine.TABLE)) {
          String name =
              Quoting.name(line.path("schema").asText())
                  + "."
                  + Quoting.name(line.path("name").asText());
          rows.put(name, line.path("rows").asLong());
        } else if (line.path("tables").asLong() != rows.size()) {
          whole = false;
        }
      }
      in.finish();
    }
    return new RestoredRows(rows, whole);
  }

  /** How many tables there are. */
  public int tables() {
    return rows.size();
  }

  /** The table with the most rows, as SQL names it; null where none has any. */
  public @Nullable String fullest() {
    return rows.entrySet().stream()
        .filter(one -> one.getValue() > 0)
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  /** Empties that table, and those that refer to it, for a transaction that is taken back. */
  public void empty(Connection connection) throws SQLException {
    if (connection.getAutoCommit()) {
      throw new IllegalStateException("nothing is emptied that cannot be taken back");
    }
    String table = fullest();
    if (table != null) {
      Sql.run(connection, "TRUNCATE " + table + " CASCADE");
    }
  }

  /** Which tables have other rows; empty if all is as it was. */
  public List<String> differences(Connection connection) throws SQLException {
    List<String> wrong = new ArrayList<>();
    for (var one : rows.entrySet()) {
      if (Sql.number(connection, "SELECT count(*) FROM ONLY " + one.getKey()) != one.getValue()) {
        wrong.add(one.getKey());
      }
    }
    if (!whole) {
      wrong.add("the catalogue");
    }
    return wrong;
  }
}
