package dev.wharfinger.operator.status;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the last words of somebody else's program mean, where they are known: those of drivers and
 * migration tools, as they were recorded from the tools themselves. The first that is found counts;
 * what says more stands before what says less.
 *
 * @param reason for a condition
 * @param words what the program says
 * @param advice what to do
 */
public record KnownFailure(String reason, Pattern words, String advice) {
  private static final List<KnownFailure> ALL =
      List.of(
          known(
              "CommandNotFound",
              "executable file not found|exec format error|\\bsh: .*: not found$|no such file or directory: unknown",
              "the image has no such program; say its whole path in schemaMigrations.command"),
          known(
              "MultipleHeads",
              "Multiple head revisions|alembic_head_count_invalid|Conflicting migrations detected",
              "the application's migrations have several ends; its image needs one that joins them"),
          known(
              "SchemaRevisionUnknown",
              "Can't locate revision|not known to this build|Unsupported alembic_version",
              "the database is newer than the image; use the image that knows this revision"),
          known(
              "SchemaBehind",
              "schema is behind Alembic head",
              "the application wants its migrations run first: say schemaMigrations"),
          known(
              "MigrationLockTimeout",
              "waiting for the (PostgreSQL advisory|SQLite sentinel) migration lock",
              "another migration runs, or one that died holds the lock"),
          known(
              "SchemaDrift",
              "Schema drift detected",
              "the tables are not what the application's migrations make"),
          known(
              "UrlParameterUnsupported",
              "unexpected keyword argument '\\w+'|invalid URI query parameter"
                  + "|invalid connection option|unsupported startup parameter",
              "this driver does not take the parameter; take it out of the binding's template"),
          known(
              "UrlMalformed",
              "invalid percent-encoded token|invalid literal for int\\(\\) with base 10"
                  + "|Could not parse (?:rfc1738|SQLAlchemy) URL|invalid (?:port|userinfo)",
              "encode the password: the filter uri of the binding's templates does"),
          known(
              "DriverMissing",
              "Can't load plugin: sqlalchemy.dialects|is not a supported (?:SQL backend|dialect)"
                  + "|must be a PostgreSQL connection string"
                  + "|No module named '(?:psycopg\\w*|asyncpg|pg8000|aiosqlite|sqlite3|MySQLdb)'"
                  + "|No suitable driver found",
              "the image lacks the driver that the URL's scheme asks for; use another image or another scheme"),
          known(
              "BindingMissing",
              "KeyError: '\\w*DATABASE\\w*'|\\w*DATABASE_URL environment variable (?:is )?required"
                  + "|Could not determine database URL",
              "the container does not get the variable; take it from the binding Secret"),
          known(
              "AuthenticationFailed",
              // Mail servers and other services say the same, with words of their own around it.
              "(?:password|SASL|SCRAM|MD5) authentication failed|^\\W*[Aa]uthentication failed\\W*$",
              "the role's password on the server is not the Secret's"),
          known(
              "ClientCertificateRefused",
              "requires a valid client certificate|\\b[Cc]ertificate authentication failed for user"
                  + "|alert (?:unknown ca|bad certificate|unsupported certificate|certificate (?:expired|revoked|unknown))",
              "the server knows its clients by certificates: mount tls.crt and tls.key of the binding, and look for which role they are"),
          known(
              "ClientCertificateUnusable",
              "private key file \"[^\"]*\" (?:has group or world access|must be owned)"
                  + "|certificate present, but not private key file|could not load private key file",
              "mount tls.key of the binding beside tls.crt, with defaultMode 0440, in a pod that has an fsGroup"),
          known(
              "NotInPgHba",
              "\\b(?:Peer|Ident|GSSAPI|SSPI|PAM|LDAP|RADIUS) authentication failed for user",
              "the line of pg_hba.conf that is met asks for something else than a password: put one with scram-sha-256 before it"),
          known(
              "NotInPgHba",
              "no pg_hba.conf entry",
              "add a line for this role, database and address, or use TLS where it asks for that"),
          known(
              "TlsFailed",
              "server does not support SSL|rejected SSL upgrade|certificate verify failed"
                  + "|root certificate file .* does not exist|SSL error"
                  + "|server certificate for .* does not match host name",
              "look at the TLS mode of the URL, and at the certificate authority"),
          known(
              "TooManyConnections",
              "too many clients already|too many connections for|remaining connection slots are reserved"
                  + "|QueuePool limit|pool timeout",
              "make pools smaller, or raise max_connections"),
          known(
              "DatabaseMissing",
              "database \"[^\"]*\" does not exist|database does not exist",
              "the URL names another database than the binding"),
          known(
              "RoleRefused",
              "role \"[^\"]*\" (?:does not exist|is not permitted to log in)",
              "the URL names another role than the binding"),
          known(
              "HostNotFound",
              "could not translate host name|failed to resolve host|Name or service not known"
                  + "|Temporary failure in name resolution|no such host",
              "the URL names a host that nobody knows"),
          known(
              "ConnectionRefused",
              "[Cc]onnection refused|Connection to \\S+ refused|Connect call failed|Failed to connect to PostgreSQL",
              "nobody listens there, or the URL names another port"),
          known(
              "PermissionDenied",
              "permission denied for (?:schema|database|table|sequence|relation)|must be owner of",
              "the role lacks the right: it must own what its migrations change"),
          known(
              "DatabaseLocked",
              "database is locked|SQLITE_BUSY|Another instance may be running",
              "another process holds the file: stop it, or raise sqlite.busyTimeout"),
          known(
              "IntegrityCheckFailed",
              "database disk image is malformed|file is not a database|database appears corrupted"
                  + "|quick_check failed",
              "the file is damaged: restore it from a copy"),
          known(
              "PathWrong",
              "unable to open database file|SQLite database not found"
                  + "|attempt to write a readonly database",
              "look at the path (an absolute one has four slashes in a URL) and at the owner of the directory"),
          known(
              "DiskFull",
              "database or disk is full|No space left on device",
              "raise storage.size, or make room"),
          known(
              "PoolerMode",
              "prepared statement \"[^\"]*\" (?:already exists|does not exist)",
              "a pooler in transaction mode is in between: use session mode"),
          known(
              "TargetNotEmpty",
              "Table already exists or data conflicts|requires an empty PostgreSQL database",
              "the tool wants a database without tables: look whose they are, and empty it or take another"),
          known(
              "SchemaUnversioned",
              "(?:relation|table) \"?\\w+\"? already exists|DuplicateTable",
              "the tables are there, and the tool's own bookkeeping is not: stamp the revision with the tool"));

  /** What {@code words} mean, if it is known. */
  public static Optional<KnownFailure> in(String words) {
    return ALL.stream().filter(known -> known.words.matcher(words).find()).findFirst();
  }

  private static KnownFailure known(String reason, String words, String advice) {
    return new KnownFailure(reason, Pattern.compile(words, Pattern.MULTILINE), advice);
  }

  /** The line that says it; the others may have rows in them. */
  public String line(String text) {
    return text.lines()
        .filter(line -> words.matcher(line).find())
        .reduce((first, last) -> last)
        .orElse("")
        .strip();
  }
}
