package dev.wharfinger.runner.probe;

import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.util.PasswordUtil;

/**
 * Makes the application's role and its database where they are absent. What is there is never
 * altered: no password, no owner, no right.
 */
public final class Admin {
  private static final String MAINTENANCE = "postgres";

  /** CREATE DATABASE copies a template, and waits for a checkpoint. */
  private static final int PATIENCE_MS = 300_000;

  private final Address at;
  private final Login login;
  private final Login admin;
  private final List<String> made = new ArrayList<>();

  /**
   * @param url the server and the database
   * @param login the application's role
   * @param admin who makes it
   */
  public Admin(PostgresUrl url, Login login, Login admin) {
    this.at = Address.of(url);
    this.login = login;
    this.admin = admin;
  }

  /** What was made, in words. */
  public List<String> made() {
    return List.copyOf(made);
  }

  /**
   * Makes what is absent, and then tries the application's role again.
   *
   * @return what that found, or why the administrator could not do it
   */
  public Finding run() {
    Address maintenance = at.with(MAINTENANCE);
    try (Connection connection = maintenance.connect(admin)) {
      connection.setNetworkTimeout(Runnable::run, PATIENCE_MS);
      role(connection);
      database(connection);
    } catch (SQLException e) {
      Finding refusal = Refusal.of(e, maintenance, admin);
      return new Finding(
              refusal.mayPass() ? refusal.code() : "admin-refused",
              "the role of adminSecretRef could not make role and database: " + refusal.message(),
              refusal.mayPass())
          .without(admin)
          .without(login);
    }
    return new Probe(at, login).run().without(admin);
  }

  private void role(Connection connection) throws SQLException {
    if (exists(connection, "pg_roles WHERE rolname", login.user())) {
      return;
    }
    String password = login.password();
    // The verifier: a statement may be logged over there.
    Sql.run(
        connection,
        "CREATE ROLE "
            + Quoting.name(login.user())
            + " LOGIN"
            + (password == null || password.isEmpty()
                ? ""
                : " PASSWORD "
                    + Sql.literal(PasswordUtil.encodeScramSha256(password.toCharArray()))));
    made.add("role " + login.user());
  }

  /** An administrator of a cloud is no superuser, and gives a database only to a role it is in. */
  private void database(Connection connection) throws SQLException {
    if (exists(connection, "pg_database WHERE datname", at.database())) {
      return;
    }
    String role = Quoting.name(login.user());
    // From 16 on a member may lack the right to act as the role.
    String enough =
        Sql.number(connection, "SELECT current_setting('server_version_num')::int") < 160_000
            ? "MEMBER"
            : "SET";
    boolean member =
        Sql.number(
                connection,
                "SELECT pg_has_role(current_user, %s, '%s')::int"
                    .formatted(Sql.literal(login.user()), enough))
            == 1;
    if (!member) {
      Sql.run(connection, "GRANT " + role + " TO CURRENT_USER");
    }
    try {
      Sql.run(connection, "CREATE DATABASE " + Quoting.name(at.database()) + " OWNER " + role);
    } finally {
      if (!member) {
        Sql.run(connection, "REVOKE " + role + " FROM CURRENT_USER");
      }
    }
    made.add("database " + at.database());
  }

  private static boolean exists(Connection connection, String where, String name)
      throws SQLException {
    return Sql.number(connection, "SELECT count(*) FROM " + where + " = " + Sql.literal(name)) > 0;
  }
}
