package dev.wharfinger.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The last words of real tools, as {@code failures/record.py} made them say them. */
class KnownFailureTest {
  private static final Path RECORDED =
      Path.of("src", "test", "resources", "failures", "recorded.json");

  @TestFactory
  Stream<DynamicTest> eachHasItsReason() throws IOException {
    return StreamSupport.stream(new ObjectMapper().readTree(RECORDED.toFile()).spliterator(), false)
        .map(failure ->
            DynamicTest.dynamicTest(
                text(failure, "reason") + ", " + text(failure, "tool"),
                () ->
                    assertThat(
                            KnownFailure.in(text(failure, "words"))
                                .map(KnownFailure::reason)
                                .orElse("SchemaMigrationFailed"))
                        .isEqualTo(text(failure, "reason"))));
  }

  /** From the documents and sources of the applications, and from the kubelet. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CommandNotFound | exec: \"alembix\": executable file not found in $PATH: unknown",
        "CommandNotFound | /bin/sh: 1: alembix: not found",
        // PIP-15, and both heads in SchemaRevisionIT
        "MultipleHeads | schema check: alembic_head_count_invalid",
        "SchemaRevisionUnknown | revision 9f3 is not known to this build",
        "SchemaBehind | Database schema is behind Alembic head",
        "MigrationLockTimeout | Timed out after 60s waiting for the PostgreSQL advisory migration lock",
        "SchemaDrift | Schema drift detected in 3 tables",
        "DriverMissing | 'mysql' is not a supported SQL backend",
        // PHX-09, PIP-09: the image has no driver for PostgreSQL.
        "DriverMissing | ModuleNotFoundError: No module named 'asyncpg'",
        "DriverMissing | ModuleNotFoundError: No module named 'psycopg2'",
        "BindingMissing | OXY_DATABASE_URL environment variable is required",
        // OXY-39, OXY-40: as Oxy's own tool has it.
        "ConnectionRefused | Failed to connect to PostgreSQL",
        "PathWrong | SQLite database not found",
        "RoleRefused | FATAL:  role \"app\" does not exist",
        "TooManyConnections | QueuePool limit of size 5 overflow 10 reached",
        // CLO-31, CLO-32, CLO-33, CLO-34: as Cloaca's guide lists them.
        "DatabaseLocked | database is locked",
        "ConnectionRefused | connection refused",
        // As the PostgreSQL driver of Flyway says it.
        "ConnectionRefused | Connection to app-postgresql:5432 refused. Check that the hostname and port are correct",
        "AuthenticationFailed | FATAL:  password authentication failed for user \"cloacina\"",
        "DatabaseMissing | database does not exist",
        // CLB-23
        "DatabaseLocked | quick_check failed. Another instance may be running. Stop it and retry.",
        "IntegrityCheckFailed | quick_check failed",
        "PathWrong | sqlite3.OperationalError: attempt to write a readonly database",
        "AuthenticationFailed | authentication failed",
        "NotInPgHba | OperationalError: connection failed: FATAL:  Peer authentication failed for user \"app\"",
        "NotInPgHba | FATAL:  Ident authentication failed for user \"app\"",
        // PHX-14: of a server that knows its clients by certificates, and of libpq.
        "ClientCertificateRefused | FATAL:  connection requires a valid client certificate",
        "ClientCertificateRefused | FATAL:  certificate authentication failed for user \"app\"",
        "ClientCertificateRefused | SSL error: tlsv1 alert unknown ca",
        "ClientCertificateRefused | SSL error: ssl/tls alert certificate expired",
        "ClientCertificateUnusable | private key file \"/tls/tls.key\" has group or world access; file must have permissions",
        "TlsFailed | root certificate file \"/home/app/.postgresql/root.crt\" does not exist",
        "TlsFailed | [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate",
        "UrlParameterUnsupported | invalid URI query parameter: \"ssl\"",
        "DriverMissing | DATABASE_URL must be a PostgreSQL connection string",
        // OXY-41, as Oxy's own tool has it.
        "TargetNotEmpty | Table already exists or data conflicts",
        "TargetNotEmpty | Migration requires an empty PostgreSQL database",
        "PoolerMode | prepared statement \"s0\" already exists",
        "DiskFull | could not write to file \"pg_wal/xlogtemp.1\": No space left on device",
      })
  void theWordsOfTheApplications(String reason, String words) {
    assertThat(KnownFailure.in(words).map(KnownFailure::reason)).contains(reason);
  }

  /** What the application says of others than its database is no word about the Secret. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "smtplib.SMTPAuthenticationError: (535, b'5.7.8 Error: authentication failed: bad secret')",
        "535 5.7.8 Authentication failed",
        "WARN mail: SMTP authentication failed for user news@example.com",
        "LDAP bind: authentication failed",
      })
  void othersThanTheDatabaseAreNotTakenForIt(String words) {
    assertThat(KnownFailure.in(words)).isEmpty();
  }

  /** Guides say to delete the database; what is in it would be lost. */
  @Test
  void PHX_33_whoseImageIsTooOldIsToldToTakeTheOneThatKnowsTheRevision() {
    assertThat(KnownFailure.in("FAILED: Can't locate revision identified by 'a1'"))
        .get()
        .returns("SchemaRevisionUnknown", KnownFailure::reason)
        .returns(
            "the database is newer than the image; use the image that knows this revision",
            KnownFailure::advice);
  }

  @Test
  void theLineThatSaysItIsTold() {
    String words = "INSERT INTO people VALUES ('Ann')\nsqlite3: database is locked\nat line 3";
    assertThat(KnownFailure.in(words).orElseThrow().line(words))
        .isEqualTo("sqlite3: database is locked");
  }

  private static String text(JsonNode failure, String field) {
    return failure.get(field).textValue();
  }
}
