package dev.wharfinger.runner.transfer;

/** What a person can do about a finding. */
public final class Advice {
  private static final String VALUES = "correct the values in the source";
  private static final String ASIDE = "; or --policy quarantine@TABLE=rows keeps such rows aside";

  private Advice() {}

  /** Way out of a finding on the way to PostgreSQL. */
  public static String of(String rule) {
    return switch (rule) {
      case "revision-differs" ->
          "bring both sides to one revision with the application's own migration tool, which"
              + " spec.schemaMigrations has done on a cluster; where it"
              + " numbers them otherwise for each database, and both schemas are of one version of"
              + " the application, --policy revisions=ignore says so";
      case "source-has-no-tables" ->
          "look whether this is the file that the application writes into, and whether its log was"
              + " lost; where nobody has ever written, let the application make its tables first, or"
              + " begin on PostgreSQL";
      case "revision-not-compared" ->
          "look whether the target's tables are of the version of the application that wrote the"
              + " source";
      case "no-column-in-common", "table-missing-in-target", "column-missing-in-target" ->
          "make the target's schema with the version of the application that wrote the source; what"
              + " that version has no use for any more stays behind in the file with"
              + " --policy missing-in-target@TABLE=ignore, or @TABLE.COLUMN";
      case "target-column-needs-a-value" ->
          "make the target's schema with the version of the application that wrote the source";
      case "computed-column-differs" ->
          "let the target compute what the source holds there, or make it a plain column; where what"
              + " the target computes is meant, --policy missing-in-target@TABLE.COLUMN=ignore says so";
      case "source-needs-collation" ->
          "let the application, which has the collation, make the column anew with BINARY or NOCASE";
      case "target-not-empty" ->
          "use an empty database, or give --replace-target-rows if the rows may go";
      case "other-transfer-committed" ->
          "use another database; this one already holds data that were moved into it";
      case "parent-row-missing" ->
          "delete the rows, or make the parent rows they refer to, in the source; or"
              + " --policy orphans@TABLE=null empties the reference, and =delete leaves the rows behind";
      case "foreign-key-violated" ->
          "delete the rows, or make the parent rows they refer to, in the source";
      case "tls-unknown-authority" ->
          "give the certificate of the authority that signed the server's as sslrootcert";
      case "tls-wrong-host" ->
          "use the host name that the server's certificate is for, or give the server one for this name";
      case "tls-expired" -> "renew the server's certificate, or set the clock that is wrong";
      case "tls-client-refused" ->
          "give as sslcert a certificate that an authority in the server's ssl_ca_file has signed for this role";
      case "two-tables-for-one-target", "two-columns-for-one-target" ->
          "rename one of them in the source: on PostgreSQL both would have one name";
      case "check-violated" -> "correct the rows in the source, or the CHECK in the target";
      case "stray-file" ->
          "look whether the application has written rows into it, and whether they are wanted";
      case "network-file-system" ->
          "use a volume that is no network file system, or another journal mode than WAL";
      case "quarantine-not-allowed" ->
          "grant the role CREATE on the database, or on its schema wharfinger where there is one";
      case "rows-in-quarantine" ->
          "put the rows back first, if they are to be in the SQLite file; wharfinger.quarantine"
              + " names them";
      case "nothing-there-for-policy" -> "correct the names of the policy, or take it away";
      case "source-column-unreadable" ->
          "let the target compute the column too, or remove it from the target";
      case "index-row-too-large" ->
          "shorten the values in the source, or index a hash of them in the target";
      case "number-may-have-been-text" ->
          "look whether the numbers are what the application wrote; leading zeros would be gone";
      case "json-number-may-have-lost-digits" ->
          "look whether the application needs more than 15 digits of these numbers";
      case "epoch-unit-decided" ->
          "look at a few rows afterwards; the policy epoch-unit decides otherwise";
      case "ids-near-the-end-of-their-type" ->
          "widen the column in the target to bigint before it is full";
      case "source-breaks-its-check" ->
          "look at the rows that break the CHECK in the source: a move back to SQLite would refuse"
              + " them";
      case "virtual-table-not-moved" ->
          "the rows stay in the file; have the application build its search anew, or add the rows"
              + " to the target by other means if nothing else holds them";
      case "virtual-table-rows-kept" ->
          "they are as the file had them; have the application build its search anew if rows have"
              + " changed on PostgreSQL";
      case "virtual-table-made-empty" ->
          "have the application build its search anew, or copy the rows from the old file";
      case "empty-text-not-kept", "storage-class-not-kept" ->
          "give the file that the data came from with --like, if the application needs them as they"
              + " were";
      case "column-only-in-file" ->
          "look whether the application needs more there than the default; the old file is kept"
              + " beside the new one";
      case "unfinished-transfer" ->
          "run that transfer again, which goes on, or take it back with transfer-abort and its"
              + " --operation";
      case "out-of-memory", "row-too-large-for-memory" ->
          "make the row's values smaller, or store them elsewhere; or run the command by hand where"
              + " Java may have more memory, with java -Xmx4g for example";
      case "row-too-large" ->
          "make the row's values smaller in the source, or store them elsewhere";
      case "duplicate-key" -> "remove what is there twice in the source";
      case "epoch-unit-ambiguous" ->
          "rewrite the column's numbers in one unit, or as text, in the source; or say what they are:"
              + " --policy epoch-unit@TABLE.COLUMN=milliseconds, for example";
      case "source-damaged" ->
          "restore the source from a backup, or repair it with sqlite3 .recover";
      case "write-ahead-log-remains" ->
          "if the source has lost power or its disk, look whether the newest rows are there; the"
              + " application has gone on without what is behind";
      case "write-ahead-log-damaged" ->
          "restore the source from a backup; or, where what SQLite still reads is all there is, let"
              + " it forget the rest: sqlite3 FILE 'PRAGMA wal_checkpoint(TRUNCATE)'"
              + " while the application is stopped";
      case "no-retained-file" -> "move the rows back with transfer";
      case "null-in-not-null-column" -> "give the rows a value in the source";
      case "empty-text-in-not-null-column" ->
          "give the rows a value in the source; or --policy empty-text@TABLE.COLUMN=zero, for numbers"
              + " and booleans";
      case "nul-character-in-text" -> orDecide("nul-in-text", "strip");
      case "text-is-not-utf-8" ->
          orDecide("invalid-utf-8", "latin1") + "; for bytes, bytes-in-text@TABLE.COLUMN=hex";
      case "text-is-no-json" -> orDecide("invalid-json", "string");
      case "not-a-number-in-json", "infinity-in-json" -> orDecide("json-not-a-number", "null");
      case "duplicate-key-in-jsonb" -> orDecide("json-duplicate-key", "last");
      case "duplicate-key-in-hstore" -> orDecide("hstore-duplicate-key", "last");
      case "nul-character-in-jsonb" -> orDecide("nul-in-jsonb", "strip");
      case "number-is-no-boolean" -> orDecide("boolean-number", "nonzero-is-true");
      case "float-precision-lost", "numeric-digits-lost" -> orDecide("inexact-number", "allow");
      case "time-precision-lost" -> orDecide("time-precision", "round");
      case "text-is-no-time" ->
          VALUES + "; for 0000-00-00 there is --policy zero-date@TABLE.COLUMN=null";
      case "text-longer-than-column",
          "integer-out-of-range",
          "float-out-of-range",
          "numeric-out-of-range",
          "real-is-no-exact-integer",
          "time-of-day-lost",
          "value-changed-by-type" ->
          "widen the column in the target, or correct the values in the source" + ASIDE;
      case "no-such-enum-label" ->
          "add the label to the target's type, or correct the values in the source" + ASIDE;
      case "check-not-translatable",
          "generated-column-not-translatable",
          "unique-index-not-translatable",
          "default-not-translatable",
          "schema-rejected-by-server" ->
          "make the tables on PostgreSQL first, with a schema command of the application or with"
              + " Flyway";
      case "sequence-exhausted" ->
          "give the rows with the largest numbers smaller ones in the source, or widen the sequence"
              + " and its column in the target";
      case "no-room-for-snapshot" ->
          "make the volume larger, or free space on it; a snapshot can also go to another directory"
              + " with --snapshot-dir";
      case "no-room-for-new-file" ->
          "make the volume larger, or free space on it: the old file stays, so both have to fit";
      case "snapshot-beside-source" ->
          "give another directory with --snapshot-dir, such as a new one";
      case "format-ambiguous", "format-mixed", "no-such-format", "time-finer-than-format" ->
          "name the format that the application writes, with --format TABLE.COLUMN=FORMAT";
      case "schema-rejected-by-sqlite", "generated-column-differs" ->
          "give a file with another schema with --like";
      case "table-not-row-mappable" -> "move this store with the library that wrote it";
      case "table-out-of-reach" ->
          "make it a plain table of the role's first schema for the move, or copy its rows by other"
              + " means";
      case "target-type-not-supported" ->
          "empty the column in the source, or change its type in the target";
      case String server when server.startsWith("rejected-by-server-42") ->
          "give the role the rights of the tables' owner, and let nobody change the schema"
              + " meanwhile";
      default -> VALUES + ASIDE;
    };
  }

  /** The same on the way back, where others than these options are refused. */
  public static String back(String rule) {
    return switch (rule) {
      case "revision-differs" ->
          "bring the SQLite file to PostgreSQL's revision with the application's own migration tool";
      case "table-missing-in-target", "column-missing-in-target", "target-column-needs-a-value" ->
          "give a file of the application's present version with --like";
      case "source-damaged" ->
          "give a sound file with --like; the data are in PostgreSQL, and were not touched";
      case "parent-row-missing" ->
          "delete the rows, or make the parent rows they refer to, in PostgreSQL";
      case "null-in-not-null-column" -> "give the rows a value in PostgreSQL";
      case "duplicate-key" -> "remove what is there twice in PostgreSQL";
      case "check-violated" -> "correct the rows in PostgreSQL, or give another file with --like";
      case "row-too-large-for-memory" -> of(rule);
      case "target-type-not-supported" ->
          "have the column written as text: --format TABLE.COLUMN=json, or =text";
      case "two-tables-for-one-target" ->
          "rename one of them in PostgreSQL: to SQLite both have one name";
      case "changed-by-affinity",
          "not-a-number",
          "time-out-of-range",
          "type-does-not-fit",
          "value-does-not-come-back",
          "value-longer-than-sqlite-takes" ->
          "correct the values in PostgreSQL, name another format with --format TABLE.COLUMN=FORMAT,"
              + " or give a file that declares the column otherwise with --like";
      default -> of(rule);
    };
  }

  private static String orDecide(String kind, String choice) {
    return "correct the values in the source; or --policy %s@TABLE.COLUMN=%s"
        .formatted(kind, choice);
  }
}
