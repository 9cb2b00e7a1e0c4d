package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.testing.OldServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one answer of the probe that no server installed here can give. */
class OldServerTest {
  @TempDir private Path scratch;

  @Test
  void CLB_24_aServerThatIsTooOldIsSaidToBe() throws Exception {
    Path result = scratch.resolve("result.json");
    try (OldServer server = new OldServer(130_022)) {
      int exit =
          new ProbeCommand(Map.of("PGUSER", "app"))
              .run(
                  Options.parse(
                      List.of(
                          "--to",
                          "postgresql://127.0.0.1:" + server.port() + "/orders",
                          "--result",
                          result.toString()),
                      ProbeCommand.VALUED,
                      ProbeCommand.FLAGS));

      assertThat(exit).isEqualTo(ExitCode.REFUSED);
    }
    JsonNode said = new ObjectMapper().readTree(result.toFile());
    assertThat(said.path("code").asText()).isEqualTo("server-too-old");
    assertThat(said.path("message").asText()).contains("PostgreSQL 13", "14 is the oldest");
  }
}
