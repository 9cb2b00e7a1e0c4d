package dev.wharfinger.runner.transfer.scratch;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What texts have become, for those that have not stayed what they were; by their hashes. */
public final class TextHashes {
  private final Scratch scratch;
  private final MessageDigest digest;
  private @Nullable PreparedStatement insert;
  private @Nullable PreparedStatement select;

  /** No text yet. */
  public TextHashes(Scratch scratch) {
    this.scratch = scratch;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The hash of a text that is what it is. */
  public byte[] hash(byte[] data, int from, int length) {
    digest.update(data, from, length);
    return digest.digest();
  }

  /**
   * Notes what a text has become.
   *
   * @param group texts of one group have become the same
   * @param became its hash
   */
  public void put(int group, byte[] given, byte[] became) throws SQLException {
    if (insert == null) {
      String table =
          scratch.table(
              "kind INTEGER, given BLOB, became BLOB NOT NULL, PRIMARY KEY (kind, given)");
      select = scratch.prepare("SELECT became FROM " + table + " WHERE kind = ? AND given = ?");
      insert = scratch.prepare("INSERT INTO " + table + " VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
    }
    try {
      insert.setInt(1, group);
      insert.setBytes(2, hash(given, 0, given.length));
      insert.setBytes(3, became);
      insert.executeUpdate();
    } catch (SQLException e) {
      throw Scratch.explained(e);
    }
  }

  /** Hash of what a text has become; that of itself where nothing is noted. */
  public byte[] became(int group, byte[] data, int from, int length) throws SQLException {
    byte[] given = hash(data, from, length);
    if (select == null) {
      return given;
    }
    select.setInt(1, group);
    select.setBytes(2, given);
    try (ResultSet found = select.executeQuery()) {
      return found.next() ? found.getBytes(1) : given;
    }
  }
}
