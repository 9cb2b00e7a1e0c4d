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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    PostgresUrl url = ServerLogin.parse(options.required("--to"), "--to", environment);
    Login login = ServerLogin.of(url, environment);
    Probe probe = new Probe(url, login);
    Finding finding = probe.run();
    List<String> made = List.of();
    if (options.has("--create") && ABSENT.contains(finding.code())) {
      Admin admin =
          new Admin(
              url,
              login,
              new Login(
                  ServerLogin.required("WHARFINGER_ADMIN_USER", environment),
                  environment.get("WHARFINGER_ADMIN_PASSWORD")));
      finding = admin.run();
      made = admin.made();
    }
    tell(finding, made, probe.figures(), options.optional("--result"));
    if (finding.reachable()) {
      return ExitCode.DONE;
    }
    return finding.mayPass() ? ExitCode.FAILED : ExitCode.REFUSED;
  }

  private static void tell(
      Finding finding,
      List<String> made,
      @Nullable Map<String, Long> figures,
      Optional<String> file)
      throws IOException {
    made.forEach(what -> System.out.println("made " + what));
    System.out.println(finding.code() + ": " + finding.message());
    if (file.isPresent()) {
      ObjectNode result = MAPPER.createObjectNode();
      result.put("code", finding.code()).put("message", finding.message());
      made.forEach(result.putArray("made")::add);
      if (figures != null) {
        figures.forEach(result.putObject("figures")::put);
      }
      Files.writeString(Path.of(file.get()), MAPPER.writeValueAsString(result));
    }
  }
}
