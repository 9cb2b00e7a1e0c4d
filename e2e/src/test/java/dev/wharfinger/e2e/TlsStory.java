package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server that is verified, whose certificate is renewed under a client that goes on. */
class TlsStory {
  private static final String SERVER = "accounts-postgresql-0";
  private static final String VERSION =
      "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

  @RegisterExtension static final Story story = new Story("tls", 1);

  @Test
  void PHX_22_theServerIsVerifiedAndItsCertificateRenewed() {
    story.apply("tls");
    story.instance("accounts").awaitReady();
    story.pods().awaitReady("accounts-client");
    // As the application's role, with nothing but what the binding says.
    assertThat(story.psql("accounts", VERSION)).isEqualTo("TLSv1.3");
    assertThatThrownBy(() -> exec("sslmode=require ssl_max_protocol_version=TLSv1.2", "SELECT 1"))
        .hasMessageContaining("protocol version");
    assertThatThrownBy(() -> exec("sslmode=disable", "SELECT 1"))
        .hasMessageContaining("no encryption");
    assertThatThrownBy(() -> exec("sslmode=verify-full host=" + address(), "SELECT 1"))
        .hasMessageContaining("does not match host name");

    String started = story.psql("accounts", "SELECT pg_postmaster_start_time()");
    String pod = uid();
    String before = certificate();
    // The Secret that is lost comes back with another certificate of the same authority.
    Shell.run("kubectl", "delete", "secret", "accounts-postgresql-tls", "-n", story.namespace());
    await("the Secret is made anew")
        .atMost(Duration.ofMinutes(2))
        .until(() -> !List.of("", before).contains(certificate()));
    story.instance("accounts").awaitReady();
    await("the server shows the new certificate")
        .atMost(Duration.ofMinutes(4))
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> shown().contains(certificate()));
    assertThat(story.psql("accounts", VERSION)).isEqualTo("TLSv1.3");
    assertThat(story.psql("accounts", "SELECT pg_postmaster_start_time()")).isEqualTo(started);
    assertThat(uid()).isEqualTo(pod);
  }

  private static String exec(String conninfo, String statement) {
    return story.pods().exec("accounts-client", "psql", "-qAt", conninfo, "-c", statement);
  }

  private static String address() {
    return Shell.run(
            "kubectl",
            "get",
            "service",
            "accounts-postgresql",
            "-n",
            story.namespace(),
            "-o",
            "jsonpath={.spec.clusterIP}")
        .strip();
  }

  private static String uid() {
    return Objects.requireNonNull(story.pods().get(SERVER)).getMetadata().getUid();
  }

  /** Empty where there is none. */
  private static String certificate() {
    return Shell.run(
            "kubectl",
            "get",
            "secret",
            "accounts-postgresql-tls",
            "--ignore-not-found",
            "-n",
            story.namespace(),
            "-o",
            "jsonpath={.data.tls\\.crt}")
        .strip();
  }

  /** What the server's own pod has mounted, and read at its last reload at the earliest. */
  private static String shown() {
    return story.pods().exec(SERVER, "sh", "-c", "base64 -w0 /etc/wharfinger/tls/tls.crt").strip();
  }
}
