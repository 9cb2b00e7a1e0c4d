package dev.wharfinger.runner.transfer.sql;

/** Names and texts as SQL that SQLite and PostgreSQL read alike. */
public final class Quoting {
  private Quoting() {}

  /** An identifier. */
  public static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A text; PostgreSQL may see more in a backslash than SQLite does. */
  public static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
