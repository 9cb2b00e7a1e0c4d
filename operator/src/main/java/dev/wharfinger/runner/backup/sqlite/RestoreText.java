package dev.wharfinger.runner.backup.sqlite;

import java.util.ArrayList;
import java.util.List;

/** {@code RESTORE.md}: how to restore a set without this program. */
final class RestoreText {
  private final String id;
  private final String instance;
  private final String consistentAt;
  private final boolean encrypted;
  private final List<String> keys;
  private final List<String> commands = new ArrayList<>();
  private final List<String> checks = new ArrayList<>();

  RestoreText(
      String id, String instance, String consistentAt, boolean encrypted, List<String> keys) {
    this.id = id;
    this.instance = instance;
    this.consistentAt = consistentAt;
    this.encrypted = encrypted;
    this.keys = keys;
  }

  /** A text that a shell takes as one word, whatever it holds. */
  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private String unpacked(String object) {
    return encrypted
        ? "age --decrypt --identity \"$IDENTITY\" " + object + " | gzip -d"
        : "gzip -dc " + object;
  }

  void database(String name, String object, int mode, boolean checked) {
    String file = "\"$TO\"/" + quoted(name);
    int slash = name.lastIndexOf('/');
    if (slash > 0) {
      commands.add("mkdir -p \"$TO\"/" + quoted(name.substring(0, slash)));
    }
    commands.add(unpacked(object) + " > " + file);
    commands.add("chmod %o %s".formatted(mode, file));
    if (checked) {
      checks.add("sqlite3 " + file + " 'PRAGMA quick_check'");
    } else {
      checks.add("sqlite3 " + file + " 'SELECT count(*) FROM sqlite_schema'");
    }
  }

  void files(String object) {
    // First, for it may hold the folders of the databases.
    commands.addFirst(unpacked(object) + " | tar -xpf - -C \"$TO\"");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("# Restore this set by hand\n\n");
    text.append(
        "Set %s of %s: SQLite databases and files as they were at %s.\n"
            .formatted(id, instance, consistentAt));
    text.append(
        "You need sha256sum, gzip, tar and sqlite3%s.\n\n"
            .formatted(encrypted ? ", and age with a private key of the recipients" : ""));
    text.append("Stop the application. In the folder of this file, in bash:\n\n");
    text.append("1. Check that nothing is missing or damaged:\n\n");
    block(text, List.of("set -euo pipefail", "sha256sum --check --quiet SHA256SUMS"));
    text.append("2. Name a folder that is not there yet, `TO`");
    text.append(
        encrypted
            ? ", and the file with the private key, `IDENTITY`:\n\n"
            : ", and restore into it:\n\n");
    text.append("   ```text\n   TO=/new/folder\n");
    if (encrypted) {
      text.append("   IDENTITY=/safe/place/key.txt\n");
    }
    text.append("   ```\n\n");
    List<String> restore = new ArrayList<>(List.of("mkdir \"$TO\""));
    restore.addAll(commands);
    block(text, restore);
    text.append("3. Ask SQLite what it thinks of it:\n\n");
    block(text, checks);
    text.append("4. Give the files to the application's user where that is not you (`chown`), and");
    text.append(" put the folder in the place of the old one. Keep the old one.\n");
    if (!keys.isEmpty()) {
      text.append("\nThe data can only be read with the application's own keys, which are not in");
      text.append(" this set: %s.\n".formatted(String.join(", ", keys)));
    }
    return text.toString();
  }

  private static void block(StringBuilder text, List<String> lines) {
    text.append("   ```sh\n");
    lines.forEach(line -> text.append("   ").append(line).append('\n'));
    text.append("   ```\n\n");
  }
}
