package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.testing.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Another password for the application's role, on a real server. */
class ChangePasswordIT {
  private static PostgresServer server;

  private record Said(int exit, String log) {}

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    server.demandPasswords();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void secret() throws SQLException {
    server.admin("postgres", "ALTER ROLE app PASSWORD 'secret'");
  }

  private static Said change(String former, String password) throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = System.out;
    PrintStream err = System.err;
    PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
    System.setOut(both);
    System.setErr(both);
    try {
      int exit =
          new ChangePassword(
                  Map.of(
                      "PGUSER",
                      "app",
                      "PGPASSWORD",
                      password,
                      "WHARFINGER_FORMER_PASSWORD",
                      former))
              .run(
                  Options.parse(
                      List.of("--to", "postgresql://127.0.0.1:" + server.port() + "/postgres"),
                      ChangePassword.VALUED,
                      Set.of()));
      return new Said(exit, printed.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private static String verifier() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=postgres");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT rolpassword FROM pg_authid WHERE rolname = 'app'")) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void login(String password) throws SQLException {
    DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres", "app", password)
        .close();
  }

  @Test
  void theRoleChangesItByItselfAndOnce() throws Exception {
    String password = "pa'ss \\\"$1 word";
    assertThat(change("secret", password))
        .returns(ExitCode.DONE, Said::exit)
        .satisfies(said -> assertThat(said.log()).doesNotContain("secret", password));
    login(password);
    assertThatThrownBy(() -> login("secret")).hasMessageContaining("authentication failed");
    String verifier = verifier();
    assertThat(verifier).startsWith("SCRAM-SHA-256$");

    assertThat(change("secret", password))
        .returns(ExitCode.DONE, Said::exit)
        .satisfies(said -> assertThat(said.log()).contains("already"));
    assertThat(verifier()).isEqualTo(verifier);
  }

  @Test
  void whoKnowsNeitherPasswordChangesNothing() throws Exception {
    String verifier = verifier();
    assertThat(change("wrong", "another"))
        .returns(ExitCode.REFUSED, Said::exit)
        .satisfies(said -> assertThat(said.log()).contains("neither"));
    assertThat(verifier()).isEqualTo(verifier);
  }

  /**
   * As base64 of a line has it: no client could be told such a password in a file of its own. Nor
   * do all clients write what is not ASCII in one way.
   */
  @Test
  void aLineBreakIsNoPassword() throws Exception {
    for (String password : List.of("another\n", "", "h\u00e4fen")) {
      assertThat(change("secret", password)).returns(ExitCode.REFUSED, Said::exit);
    }
    login("secret");
  }
}
