package dev.wharfinger.runner.probe;

import dev.wharfinger.runner.transfer.postgresql.ClientKey;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tries a server layer by layer: its name, TCP, TLS, {@code pg_hba.conf}, authentication, database,
 * what the role may do there. Writes nothing.
 */
public final class Probe {
  private static final int OLDEST = 14;

  private final Address at;
  private final Login login;
  private @Nullable Map<String, Long> figures;

  /**
   * @param url the server and the database; role and password in it are not used
   * @param login the application's role
   */
  public Probe(PostgresUrl url, Login login) {
    this(Address.of(url), login);
  }

  Probe(Address at, Login login) {
    this.at = at;
    this.login = login;
  }

  /** The first layer at which it ends. */
  public Finding run() {
    String fault = ClientKey.fault(at.parameters());
    if (fault != null) {
      return Finding.lasting(
          "client-certificate-unusable", "in the Secret of clientCertificateSecretRef " + fault);
    }
    Finding network = Network.look(at);
    return (network == null ? signIn() : network).without(login);
  }

  /** What the server told of itself, where {@link #run} reached it. */
  public @Nullable Map<String, Long> figures() {
    return figures;
  }

  private Finding signIn() {
    try (Connection connection = at.connect(login)) {
      Finding fault = rights(connection);
      figures = fault == null ? Figures.of(connection) : null;
      return fault == null
          ? new Finding(
              Finding.REACHABLE,
              "role "
                  + login.user()
                  + " may use database "
                  + at.database()
                  + " on PostgreSQL "
                  + Sql.text(connection, "SHOW server_version"),
              false)
          : fault;
    } catch (SQLException e) {
      return Refusal.of(e, at, login);
    }
  }

  private @Nullable Finding rights(Connection connection) throws SQLException {
    long version = Sql.number(connection, "SELECT current_setting('server_version_num')::int");
    if (version < OLDEST * 10_000L) {
      return Finding.lasting(
          "server-too-old",
          "the server is PostgreSQL "
              + version / 10_000
              + ", and "
              + OLDEST
              + " is the oldest that is served; upgrade it");
    }
    if (Sql.number(
            connection,
            "SELECT (pg_is_in_recovery() OR current_setting('transaction_read_only')::bool)::int")
        == 1) {
      return Finding.passing(
          "read-only-server",
          "the server at "
              + at.server()
              + " only reads: it is a standby, or default_transaction_read_only is on; name the"
              + " primary; try: "
              + at.psql(login, "SELECT pg_is_in_recovery()"));
    }
    String schema = Sql.text(connection, "SELECT current_schema()");
    if (schema.isEmpty()
        || Sql.number(connection, "SELECT has_schema_privilege(current_schema(), 'CREATE')::int")
            == 0) {
      return denied(
          "may make no tables in schema " + (schema.isEmpty() ? "public" : schema),
          "GRANT USAGE, CREATE ON SCHEMA "
              + Quoting.name(schema.isEmpty() ? "public" : schema)
              + " TO ");
    }
    return Sql.number(
                connection, "SELECT has_database_privilege(current_database(), 'TEMPORARY')::int")
            == 0
        ? denied(
            "may make no temporary tables",
            "GRANT TEMPORARY ON DATABASE " + Quoting.name(at.database()) + " TO ")
        : null;
  }

  private Finding denied(String what, String grant) {
    return Finding.lasting(
        "permission-denied",
        "role "
            + login.user()
            + " "
            + what
            + " of database "
            + at.database()
            + "; as an administrator: "
            + at.psql(new Login("postgres", null), grant + Quoting.name(login.user())));
  }
}
