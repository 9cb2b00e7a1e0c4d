package dev.wharfinger.runner.backup.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.runner.CommandLine;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** pg_dump connects to the same server as the driver, with no less of TLS. */
class LibpqEnvironmentTest {
  private static Map<String, String> of(String url) {
    return LibpqEnvironment.of(PostgresUrl.parse(url, null));
  }

  @Test
  void valuesAreDecodedAndAddressesStripped() {
    assertThat(
            of(
                "postgresql://a%40b:p%25w@[::1]:6543/d%20b?sslmode=verify-ca&sslrootcert=/my%20ca+1"))
        .containsEntry("PGHOST", "::1")
        .containsEntry("PGPORT", "6543")
        .containsEntry("PGUSER", "a@b")
        .containsEntry("PGPASSWORD", "p%w")
        .containsEntry("PGDATABASE", "d b")
        .containsEntry("PGSSLMODE", "verify-ca")
        .containsEntry("PGSSLROOTCERT", "/my ca+1");
  }

  @Test
  void sslAloneMeansWhatItMeansToTheDriver() {
    assertThat(of("postgresql://u@h/d?ssl=true")).containsEntry("PGSSLMODE", "verify-full");
    assertThat(of("postgresql://u@h/d?ssl")).containsEntry("PGSSLMODE", "verify-full");
    assertThat(of("postgresql://u@h/d?ssl=true&sslmode=require"))
        .containsEntry("PGSSLMODE", "require");
    assertThat(of("postgresql://u@h/d?ssl=false")).doesNotContainKey("PGSSLMODE");
    assertThat(of("postgresql://u@h/d")).doesNotContainKey("PGSSLMODE");
  }

  @Test
  void whatCannotBeSaidIsRefusedByName() {
    assertThatThrownBy(() -> of("postgresql://u@h/d?sslmode=require&channelBinding=s3cret"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("channelBinding")
        .hasMessageNotContaining("s3cret");
    assertThat(
            CommandLine.run(
                List.of(
                    "backup",
                    "--from",
                    "postgresql://u@localhost:1/d?channelBinding=require",
                    "--to",
                    "file:///",
                    "--instance",
                    "a")))
        .isEqualTo(64);
  }
}
