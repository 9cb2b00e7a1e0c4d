package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.operator.tls.Authorities;
import dev.wharfinger.operator.tls.Authority;
import dev.wharfinger.testing.Certified;
import dev.wharfinger.testing.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CLB-24: each layer of a real PostgreSQL, and that no answer has a secret in it. */
class ProbeIT {
  private static final String PASSWORD = "p@ss/%:+'\"\\ word";
  private static final String WRONG = "wr@ng/%:+'\"\\ word";
  private static final String ADMIN = "adm@n/%:+'\"\\ word";

  private static PostgresServer server;
  @TempDir Path scratch;

  private record Said(int exit, String code, String message, List<String> made) {}

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    server.admin("postgres", "ALTER ROLE app PASSWORD '" + PASSWORD.replace("'", "''") + "'");
    server.admin(
        "postgres",
        "CREATE ROLE boss LOGIN CREATEROLE CREATEDB PASSWORD '" + ADMIN.replace("'", "''") + "'");
    server.demandPasswords();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @AfterEach
  void passwords() throws Exception {
    server.demandPasswords();
  }

  @Test
  void PHX_32_aRoleThatMayMakeTablesReachesItsDatabase() throws Exception {
    Said said = probe(url(server.newDatabase()), PASSWORD);

    assertThat(said.code).isEqualTo("reachable");
    assertThat(said.exit).isEqualTo(ExitCode.DONE);
  }

  /** Asked on the connection that is there anyway; its own session does not count. */
  @Test
  void CLO_36_whatAServerTellsOfItselfBeside() throws Exception {
    String database = server.newDatabase();
    JsonNode figures;
    try (Connection idle =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:%d/%s".formatted(server.port(), database),
            "app",
            PASSWORD)) {
      assertThat(idle.isValid(0)).isTrue();
      assertThat(probe(url(database), PASSWORD).exit).isZero();
      figures =
          new ObjectMapper()
              .readTree(Files.readString(scratch.resolve("result.json")))
              .path("figures");
    }
    assertThat(figures.path("bytes").asLong()).isGreaterThan(1_000_000);
    assertThat(figures.path("connections").asLong()).isEqualTo(1);
    assertThat(figures.path("idle").asLong()).isEqualTo(1);
    assertThat(figures.path("active").asLong()).isZero();
    assertThat(figures.path("idleInTransaction").asLong()).isZero();
    assertThat(figures.path("maxConnections").asLong()).isEqualTo(100);
    assertThat(figures.path("oldestTransactionSeconds").asLong()).isZero();

    // Nobody is kept out because of a number.
    probe(url(database), WRONG);
    assertThat(Files.readString(scratch.resolve("result.json"))).doesNotContain("figures");
  }

  @Test
  void theRoleMayComeFromAUrl() throws Exception {
    String database = server.newDatabase();
    String encoded = "p%40ss%2F%25%3A+%27%22%5C%20word";
    Said said =
        probe(
            url(database),
            Map.of("WHARFINGER_CREDENTIALS_URL", "postgres://app:" + encoded + "@elsewhere/x\n"));

    assertThat(said.code).isEqualTo("reachable");
  }

  @Test
  void aNameThatNobodyKnows() throws Exception {
    Said said = probe("postgresql://nowhere.invalid:5432/x", PASSWORD);

    assertThat(said.code).isEqualTo("host-not-found");
    assertThat(said.exit).isEqualTo(ExitCode.FAILED);
    assertThat(said.message).contains("nslookup nowhere.invalid");
  }

  @Test
  void OXY_17_OXY_27_aPortThatIsClosed() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Said said = probe("postgresql://127.0.0.1:" + port + "/x", PASSWORD);

    assertThat(said.code).isEqualTo("connection-refused");
    assertThat(said.exit).isEqualTo(ExitCode.FAILED);
    assertThat(said.message).contains("pg_isready -h 127.0.0.1 -p " + port);
  }

  @Test
  void somebodyWhoNeverAnswers() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Said said = probe("postgresql://127.0.0.1:" + silent.getLocalPort() + "/x", PASSWORD);

      assertThat(said.code).isEqualTo("connection-timeout");
      assertThat(said.exit).isEqualTo(ExitCode.FAILED);
    }
  }

  @Test
  void somebodyElsesProtocol() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            try (Socket client = other.accept()) {
              client.getOutputStream().write("HTTP/1.1 400\r\n".getBytes(StandardCharsets.UTF_8));
              client.getInputStream().readAllBytes();
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      Said said = probe("postgresql://127.0.0.1:" + other.getLocalPort() + "/x", PASSWORD);

      assertThat(said.code).isEqualTo("not-postgresql");
      assertThat(said.exit).isEqualTo(ExitCode.REFUSED);
    }
  }

  @Test
  void tlsThatTheServerDoesNotSpeak() throws Exception {
    Said said = probe(url(server.newDatabase()) + "?sslmode=require", PASSWORD);

    assertThat(said.code).isEqualTo("tls-refused");
    assertThat(said.exit).isEqualTo(ExitCode.REFUSED);
  }

  @Test
  void tlsThatComesToNothing() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            // First it is asked whether it speaks TLS, then taken at its word.
            answerWithoutTls(other);
            answerWithoutTls(other);
          });
      Said said =
          probe("postgresql://127.0.0.1:" + other.getLocalPort() + "/x?sslmode=require", PASSWORD);

      assertThat(said.code).isEqualTo("tls-failed");
      assertThat(said.exit).isEqualTo(ExitCode.REFUSED);
      assertThat(said.message).contains("openssl s_client -starttls postgres");
    }
  }

  private static void answerWithoutTls(ServerSocket other) {
    try (Socket client = other.accept()) {
      client.getInputStream().readNBytes(8);
      client.getOutputStream().write('S');
      if (client.getInputStream().read() >= 0) {
        client.getOutputStream().write("and now plain text\r\n".getBytes(StandardCharsets.UTF_8));
        client.getInputStream().readAllBytes();
      }
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void somebodyWhoHangsUp() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              other.accept().close();
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      Said said = probe("postgresql://127.0.0.1:" + other.getLocalPort() + "/x", PASSWORD);

      assertThat(said.code).isEqualTo("connection-failed");
      assertThat(said.exit).isEqualTo(ExitCode.FAILED);
      assertThat(said.message).contains("pg_isready");
    }
  }

  @Test
  void aDatabaseThatIsClosedToAll() throws Exception {
    String database = server.newDatabase();
    server.admin("postgres", "ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
    Said said = probe(url(database), PASSWORD);

    assertThat(said.code).isEqualTo("connection-failed");
    assertThat(said.exit).isEqualTo(ExitCode.FAILED);
    assertThat(said.message).contains("55000").contains("psql 'host=127.0.0.1");
  }

  @Test
  void aRoleThatHasNoConnectionLeft() throws Exception {
    String database = server.newDatabase();
    server.admin(
        "postgres",
        "CREATE ROLE crowded LOGIN CONNECTION LIMIT 0 PASSWORD '"
            + PASSWORD.replace("'", "''")
            + "'");
    Said said = probe(url(database), Map.of("PGUSER", "crowded", "PGPASSWORD", PASSWORD));

    assertThat(said.code).isEqualTo("too-many-connections");
    assertThat(said.exit).isEqualTo(ExitCode.FAILED);
    assertThat(said.message).contains("no connection left").contains("user=crowded");
  }

  @Test
  void aServerThatIsAboutToStop() throws Exception {
    try (PostgresServer leaving = PostgresServer.start()) {
      String database = leaving.newDatabase();
      try (Connection open = leaving.connect(database)) {
        String url = "postgresql://127.0.0.1:" + leaving.port() + "/" + database;
        assertThat(probe(url, PASSWORD).code).isEqualTo("reachable");
        leaving.stopOnceAllHaveLeft();
        await("nobody is let in")
            .atMost(Duration.ofMinutes(1))
            .until(() -> probe(url, PASSWORD).code.equals("server-starting"));

        assertThat(probe(url, PASSWORD).exit).isEqualTo(ExitCode.FAILED);
        assertThat(open.isValid(10)).isTrue();
      }
    }
  }

  @Test
  void OXY_43_aCertificateThatIsNotToBeBelieved() throws Exception {
    Instant now = Instant.now();
    Authorities authority = new Authorities(Authority.make(now.minus(Duration.ofDays(200))), null);
    Path ca = Files.writeString(scratch.resolve("ca.crt"), authority.bundle());
    Path others =
        Files.writeString(
            scratch.resolve("others.crt"), new Authorities(Authority.make(now), null).bundle());
    try (PostgresServer tls = PostgresServer.start()) {
      tls.kill();
      String url = Certified.show(tls, authority.current().issue(List.of("localhost"), now));
      String here = url.replace("127.0.0.1", "localhost");

      assertThat(probe(url + "?sslmode=require", PASSWORD).code).isEqualTo("reachable");
      assertThat(probe(url + "?sslmode=verify-ca&sslrootcert=" + ca, PASSWORD).code)
          .isEqualTo("reachable");
      assertThat(probe(here + "?sslmode=verify-full&sslrootcert=" + ca, PASSWORD).code)
          .isEqualTo("reachable");

      Said unknown = probe(here + "?sslmode=verify-ca&sslrootcert=" + others, PASSWORD);
      assertThat(unknown.code).isEqualTo("tls-unknown-authority");
      assertThat(unknown.exit).isEqualTo(ExitCode.REFUSED);
      assertThat(unknown.message).contains("openssl s_client").contains("-issuer");

      Said host = probe(url + "?sslmode=verify-full&sslrootcert=" + ca, PASSWORD);
      assertThat(host.code).isEqualTo("tls-wrong-host");
      assertThat(host.exit).isEqualTo(ExitCode.REFUSED);
      assertThat(host.message).contains("-connect 127.0.0.1:").contains("subjectAltName");

      tls.kill();
      here =
          Certified.show(
                  tls,
                  authority.current().issue(List.of("localhost"), now.minus(Duration.ofDays(91))))
              .replace("127.0.0.1", "localhost");
      Said expired = probe(here + "?sslmode=verify-full&sslrootcert=" + ca, PASSWORD);
      assertThat(expired.code).isEqualTo("tls-expired");
      assertThat(expired.exit).isEqualTo(ExitCode.REFUSED);
      assertThat(expired.message).contains("-dates");
      // Who does not verify is let in, as libpq has it.
      assertThat(probe(here + "?sslmode=require", PASSWORD).code).isEqualTo("reachable");
    }
  }

  @Test
  void aServerThatLetsNobodyInLikeThis() throws Exception {
    String database = server.newDatabase();
    server.letIn("");
    for (String rules :
        List.of("host other app 127.0.0.1/32 trust\n", "host all app all reject\n")) {
      server.letIn(rules);
      Said said = probe(url(database), PASSWORD);

      assertThat(said.code).isEqualTo("not-in-pg-hba");
      assertThat(said.exit).isEqualTo(ExitCode.REFUSED);
      assertThat(said.message).contains("pg_hba.conf").contains("psql 'host=127.0.0.1");
    }
  }

  @Test
  void PHX_32_aPasswordThatIsWrongOrMissing() throws Exception {
    String database = server.newDatabase();
    for (Map<String, String> environment :
        List.of(
            Map.of("PGUSER", "app", "PGPASSWORD", WRONG),
            Map.of("PGUSER", "app"),
            Map.of("PGUSER", "nobody", "PGPASSWORD", WRONG))) {
      Said said = probe(url(database), environment);

      assertThat(said.code).isEqualTo("authentication-failed");
      assertThat(said.exit).isEqualTo(ExitCode.REFUSED);
      assertThat(said.message).contains(environment.get("PGUSER")).contains("SELECT 1");
    }
  }

  @Test
  void PHX_14_noPasswordIsFineWhereTheServerAsksForNone() throws Exception {
    String database = server.newDatabase();
    server.letIn("host all all 127.0.0.1/32 trust\n");

    assertThat(probe(url(database), Map.of("PGUSER", "app")).code).isEqualTo("reachable");
    assertThat(probe(url(database), Map.of("PGUSER", "nobody")).code).isEqualTo("role-refused");
  }

  @Test
  void aDatabaseThatIsMissing() throws Exception {
    Said said = probe(url("not-there"), PASSWORD);

    assertThat(said.code).isEqualTo("database-missing");
    assertThat(said.exit).isEqualTo(ExitCode.REFUSED);
    assertThat(said.message).contains("CREATE DATABASE \"not-there\" OWNER \"app\"");
  }

  @Test
  void PHX_18_aRoleThatMayMakeNoTables() throws Exception {
    String database = server.newDatabase();
    server.admin("postgres", "ALTER DATABASE " + database + " OWNER TO postgres");
    server.admin("postgres", "REVOKE TEMPORARY ON DATABASE " + database + " FROM PUBLIC");
    server.admin(database, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    Said said = probe(url(database), PASSWORD);
    assertThat(said.code).isEqualTo("permission-denied");
    assertThat(said.exit).isEqualTo(ExitCode.REFUSED);
    assertThat(said.message).contains("GRANT USAGE, CREATE ON SCHEMA \"public\" TO \"app\"");

    server.admin(database, "GRANT CREATE ON SCHEMA public TO app");
    assertThat(probe(url(database), PASSWORD).message).contains("GRANT TEMPORARY ON DATABASE");

    server.admin("postgres", "REVOKE CONNECT ON DATABASE " + database + " FROM PUBLIC");
    assertThat(probe(url(database), PASSWORD).code).isEqualTo("permission-denied");
  }

  @Test
  void aServerThatOnlyReads() throws Exception {
    try (PostgresServer standby = PostgresServer.start()) {
      String database = standby.newDatabase();
      standby.runAsStandby();
      Said said = probe("postgresql://127.0.0.1:" + standby.port() + "/" + database, PASSWORD);

      assertThat(said.code).isEqualTo("read-only-server");
      assertThat(said.exit).isEqualTo(ExitCode.FAILED);
    }
  }

  @Test
  void PHX_16_anAdministratorMakesRoleAndDatabaseOnce() throws Exception {
    Map<String, String> environment = new TreeMap<>(admin(ADMIN));
    environment.putAll(Map.of("PGUSER", "new-app", "PGPASSWORD", PASSWORD));
    Said said = probe(url("new-orders"), environment, "--create");

    assertThat(said.code).isEqualTo("reachable");
    assertThat(said.made).containsExactly("role new-app", "database new-orders");
    assertThat(owner("new-orders")).isEqualTo("new-app");
    // Lent for a moment only.
    assertThat(
            psql(
                "SELECT count(*) FROM pg_auth_members WHERE roleid = '\"new-app\"'::regrole"
                    + " AND member = 'boss'::regrole"))
        .isEqualTo("0");
    assertThat(probe(url("new-orders"), environment, "--create").made).isEmpty();
  }

  @Test
  void whatExistsIsNeverAltered() throws Exception {
    String database = server.newDatabase();
    String before = psql("SELECT rolpassword FROM pg_authid WHERE rolname = 'app'");
    Map<String, String> environment = new TreeMap<>(admin(ADMIN));
    environment.putAll(Map.of("PGUSER", "app", "PGPASSWORD", WRONG));
    Said said = probe(url(database), environment, "--create");

    assertThat(said.code).isEqualTo("authentication-failed");
    assertThat(said.made).isEmpty();
    assertThat(psql("SELECT rolpassword FROM pg_authid WHERE rolname = 'app'")).isEqualTo(before);
  }

  @Test
  void anAdministratorWhoIsRefusedIsSaidToBe() throws Exception {
    Map<String, String> environment = new TreeMap<>(admin(WRONG));
    environment.putAll(Map.of("PGUSER", "app", "PGPASSWORD", PASSWORD));
    Said said = probe(url("nothing-made"), environment, "--create");

    assertThat(said.code).isEqualTo("admin-refused");
    assertThat(said.exit).isEqualTo(ExitCode.REFUSED);
    assertThat(said.message).contains("adminSecretRef").contains("boss");
  }

  private static Map<String, String> admin(String password) {
    return Map.of("WHARFINGER_ADMIN_USER", "boss", "WHARFINGER_ADMIN_PASSWORD", password);
  }

  private static String owner(String database) throws Exception {
    return psql(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '" + database + "'");
  }

  private static String psql(String sql) throws Exception {
    return server
        .psql(
            Map.of(),
            "host=127.0.0.1 port=" + server.port() + " user=postgres dbname=postgres",
            sql)
        .strip();
  }

  private static String url(String database) {
    return "postgresql://127.0.0.1:" + server.port() + "/" + database;
  }

  /** Told, and not judged: a process as in a Job, and the same in a JVM that has done it before. */
  @Test
  void howLongAProbeTakesIsTold() throws Exception {
    String url = url(server.newDatabase());
    List<Long> cold = new ArrayList<>();
    List<Long> warm = new ArrayList<>();
    for (int run = 0; run < 5; run++) {
      long began = System.nanoTime();
      assertThat(process(url).waitFor()).isZero();
      cold.add(millis(began));
    }
    for (int run = 0; run < 5; run++) {
      long began = System.nanoTime();
      assertThat(probe(url, PASSWORD).exit).isZero();
      warm.add(millis(began));
    }
    cold.sort(null);
    warm.sort(null);
    System.out.printf(
        "figure: a probe takes %d ms as a process (%d to %d), %d ms in a JVM that has begun (%d to"
            + " %d)%n",
        cold.get(2), cold.getFirst(), cold.getLast(), warm.get(2), warm.getFirst(), warm.getLast());
  }

  private static long millis(long began) {
    return Duration.ofNanos(System.nanoTime() - began).toMillis();
  }

  /** With the options of the image. */
  private Process process(String url) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RunnerMain.class.getName(),
                "probe",
                "--to",
                url,
                "--result",
                scratch.resolve("of-a-process.json").toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(Map.of("PGUSER", "app", "PGPASSWORD", PASSWORD));
    return builder.start();
  }

  private Said probe(String url, String password) throws Exception {
    return probe(url, Map.of("PGUSER", "app", "PGPASSWORD", password));
  }

  private Said probe(String url, Map<String, String> environment, String... flags)
      throws Exception {
    Path result = scratch.resolve("result.json");
    List<String> arguments = new ArrayList<>(List.of("--to", url, "--result", result.toString()));
    arguments.addAll(List.of(flags));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    int exit;
    try {
      exit =
          new ProbeCommand(environment)
              .run(Options.parse(arguments, ProbeCommand.VALUED, ProbeCommand.FLAGS));
    } finally {
      System.setOut(before);
    }
    String text = Files.readString(result);
    assertThat(text + printed.toString(StandardCharsets.UTF_8))
        .doesNotContain(PASSWORD, WRONG, ADMIN, "p@ss", "wr@ng", "adm@n", "SCRAM-SHA-256$");
    JsonNode json = new ObjectMapper().readTree(text);
    List<String> made = new ArrayList<>();
    json.path("made").forEach(what -> made.add(what.asText()));
    return new Said(exit, json.path("code").asText(), json.path("message").asText(), made);
  }
}
