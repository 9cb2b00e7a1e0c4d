package dev.wharfinger.runner;

import dev.wharfinger.runner.probe.Login;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * {@code change-password}: the role gets the password of {@code PGPASSWORD}. Where that opens the
 * server already nothing is done; else the role logs in with {@code WHARFINGER_FORMER_PASSWORD} and
 * changes it by itself. The server gets a verifier, and never the password.
 */
final class ChangePassword implements Command {
  static final Set<String> VALUED = Set.of("--to");

  private static final String WRONG_PASSWORD = "28P01";

  private final Map<String, String> environment;

  ChangePassword(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public int run(Options options) throws SQLException {
    PostgresUrl url = ServerLogin.parse(options.required("--to"), "--to", environment);
    Login login = ServerLogin.of(url, environment);
    String password = Objects.requireNonNullElse(login.password(), "");
    if (password.isEmpty() || password.chars().anyMatch(c -> c < ' ' || c > '~')) {
      return refused(
          "the new password is empty, or has a line break or another character that is not ASCII, which clients write in"
              + " more than one way; a file for it is made with printf, as echo adds a line break");
    }
    if (opens(url, login.user(), password)) {
      System.out.println("the role has that password already");
      return ExitCode.DONE;
    }
    try (Connection connection =
        connect(url, login.user(), environment.get("WHARFINGER_FORMER_PASSWORD"))) {
      connection
          .unwrap(PGConnection.class)
          .alterUserPassword(login.user(), password.toCharArray(), "scram-sha-256");
    } catch (SQLException e) {
      if (!WRONG_PASSWORD.equals(e.getSQLState())) {
        throw e;
      }
      return refused("the role takes neither the new password nor the former one");
    }
    if (!opens(url, login.user(), password)) {
      // Not refused: what the role has now is not what it had.
      System.err.println(
          "change-password: the role has got the new password, and does not take it");
      return ExitCode.FAILED;
    }
    System.out.println("the role has the new password");
    return ExitCode.DONE;
  }

  private static int refused(String why) {
    System.err.println("change-password: " + why);
    return ExitCode.REFUSED;
  }

  private static boolean opens(PostgresUrl url, String user, String password) throws SQLException {
    try (Connection connection = connect(url, user, password)) {
      return connection.isValid(0);
    } catch (SQLException e) {
      if (WRONG_PASSWORD.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  private static Connection connect(PostgresUrl url, String user, @Nullable String password)
      throws SQLException {
    return new PostgresUrl(user, password, url.host(), url.port(), url.database(), url.parameters())
        .connect();
  }
}
