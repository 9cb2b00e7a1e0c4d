package dev.wharfinger.runner;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.probe.Admin;
import dev.wharfinger.runner.probe.Finding;
import dev.wharfinger.runner.probe.Login;
import dev.wharfinger.runner.probe.Probe;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * {@code probe}: whether a PostgreSQL server can be used. Who the application is there stands in
 * the URL, or in {@code PGUSER} and {@code PGPASSWORD}, or in {@code WHARFINGER_CREDENTIALS_URL},
 * of which only role and password are taken; with {@code --create} {@code WHARFINGER_ADMIN_USER}
 * and {@code WHARFINGER_ADMIN_PASSWORD} make role and database where they are absent.
 */
final class ProbeCommand implements Command {
  static final Set<String> VALUED = Set.of("--to", "--result");
  static final Set<String> FLAGS = Set.of("--create");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What an administrator can help with. The server tells no stranger which roles there are. */
  private static final Set<String> ABSENT =
      Set.of("authentication-failed", "role-refused", "database-missing");

  private final Map<String, String> environment;

  ProbeCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public int run(Options options) throws IOException {
    PostgresUrl url = parse(options.required("--to"), "--to");
    Login login = login(url);
    Finding finding = new Probe(url, login).run();
    List<String> made = List.of();
    if (options.has("--create") && ABSENT.contains(finding.code())) {
      Admin admin =
          new Admin(
              url,
              login,
              new Login(
                  required("WHARFINGER_ADMIN_USER"), environment.get("WHARFINGER_ADMIN_PASSWORD")));
      finding = admin.run();
      made = admin.made();
    }
    tell(finding, made, options.optional("--result"));
    if (finding.reachable()) {
      return ExitCode.DONE;
    }
    return finding.mayPass() ? ExitCode.FAILED : ExitCode.REFUSED;
  }

  private Login login(PostgresUrl url) {
    String whole = environment.get("WHARFINGER_CREDENTIALS_URL");
    PostgresUrl from = whole == null ? url : parse(whole.strip(), "WHARFINGER_CREDENTIALS_URL");
    String user = from.user().isEmpty() ? required("PGUSER") : from.user();
    return new Login(user, from.password());
  }

  private PostgresUrl parse(String url, String where) {
    try {
      return PostgresUrl.parse(url, environment.get("PGPASSWORD"));
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + ": " + e.getMessage());
    }
  }

  private String required(String variable) {
    String value = environment.get(variable);
    if (value == null || value.isEmpty()) {
      throw new UsageException("the variable " + variable + " is not set, and no URL names a role");
    }
    return Objects.requireNonNull(value);
  }

  private static void tell(Finding finding, List<String> made, Optional<String> file)
      throws IOException {
    made.forEach(what -> System.out.println("made " + what));
    System.out.println(finding.code() + ": " + finding.message());
    if (file.isPresent()) {
      ObjectNode result = MAPPER.createObjectNode();
      result.put("code", finding.code()).put("message", finding.message());
      made.forEach(result.putArray("made")::add);
      Files.writeString(Path.of(file.get()), MAPPER.writeValueAsString(result));
    }
  }
}
