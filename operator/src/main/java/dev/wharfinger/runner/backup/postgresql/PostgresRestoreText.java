package dev.wharfinger.runner.backup.postgresql;

import dev.wharfinger.runner.backup.ManifestHead;
import java.time.Instant;

/** {@code RESTORE.md} of a set of PostgreSQL. */
final class PostgresRestoreText {
  private PostgresRestoreText() {}

  static String of(
      ManifestHead head, Instant consistentAt, ServerFacts facts, String dump, boolean files) {
    boolean encrypted = !head.recipients().none();
    String read = encrypted ? "age --decrypt --identity \"$IDENTITY\" " + dump : "cat " + dump;
    String keys =
        head.keys().isEmpty()
            ? ""
            : "\nThe data can only be read with the application's own keys, which are not in this"
                + " set: %s.\n".formatted(String.join(", ", head.keys().keySet()));
    String ending = head.recipients().ending();
    String side =
        files
            ? """
            3. Restore the files that belong to the data into a folder that is not there yet, `FILES`, and give them to the
               application's user where that is not you (`chown`):

               ```text
               FILES=/new/folder
               ```

               ```sh
               mkdir "$FILES"
               %s | tar -xpf - -C "$FILES"
               ```

            4. Have the application use the new database, and put the files where it looks for them. Keep the old ones.
            """
                .formatted(
                    encrypted
                        ? "age --decrypt --identity \"$IDENTITY\" files.tar.gz"
                            + ending
                            + " | gzip -d"
                        : "gzip -dc files.tar.gz")
            : "3. Have the application use the new database. Keep the old one.\n";
    return """
    # Restore this set by hand

    Set %s of %s: a PostgreSQL database as it was at %s, dumped from version %s.
    You need sha256sum, pg_restore and psql of version %d or newer%s.

    Stop the application. In the folder of this file, in bash:

    1. Check that nothing is missing or damaged:

       ```sh
       set -euo pipefail
       sha256sum --check --quiet SHA256SUMS
       ```

    2. Make a new, empty database on a server of version %d or newer, with the roles that own things in this one. What
       `roles.sql.gz%s` says makes them, without passwords.
       Name it, `TO`%s:

       ```text
       TO=postgresql://user@host:5432/database
    %s   ```

       ```sh
       %s | pg_restore --exit-on-error --single-transaction --dbname "$TO"
       psql --dbname "$TO" --command ANALYZE
       ```

    %s%s\
    """
        .formatted(
            head.id(),
            head.instance(),
            consistentAt,
            facts.version(),
            facts.major(),
            encrypted ? ", and age with a private key of the recipients" : "",
            facts.major(),
            ending,
            encrypted ? ", and the file with the private key, `IDENTITY`" : "",
            encrypted ? "   IDENTITY=/safe/place/key.txt\n" : "",
            read,
            side,
            keys);
  }
}
