package dev.wharfinger.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.api.v1alpha1.Backend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What SQLAlchemy made of the presets' URLs, as {@code record.py} wrote it down where Python had
 * it. Where a URL has changed since, the record is out of date and says nothing: then the test
 * fails.
 */
class SqlalchemyTest {
  private static final Path RECORDED =
      Path.of("src", "test", "resources", "sqlalchemy", "recorded.json");

  private static JsonNode recorded() throws IOException {
    return new ObjectMapper().readTree(RECORDED.toFile()).get("presets");
  }

  static Stream<String> applications() throws IOException {
    Set<String> names = new TreeSet<>();
    recorded().fieldNames().forEachRemaining(names::add);
    return names.stream();
  }

  private static JsonNode recorded(String preset, Backend backend) throws IOException {
    JsonNode record = recorded().get(preset).get(backend.value());
    assertThat(Preset.keys(preset, backend).values())
        .as("out of date: run src/test/resources/sqlalchemy/record.py again")
        .contains(record.get("value").textValue());
    return record;
  }

  @ParameterizedTest
  @MethodSource("applications")
  void PHX_10_thePartsReachTheDriver(String preset) throws IOException {
    JsonNode record = recorded(preset, Backend.POSTGRESQL);
    JsonNode options = record.get("options");
    assertThat(options.get("host").textValue()).isEqualTo("app-postgresql.shop.svc");
    assertThat(options.get("port").intValue()).isEqualTo(5432);
    assertThat(options.get("user").textValue()).isEqualTo("app");
    assertThat(options.get("password").textValue()).isEqualTo(Preset.PASSWORD);
    assertThat(options.has("dbname") ? options.get("dbname") : options.get("database"))
        .hasToString("\"app\"");
  }

  @ParameterizedTest
  @MethodSource("applications")
  void PHX_05_thePathIsAbsolute(String preset) throws IOException {
    assertThat(recorded(preset, Backend.SQLITE).get("arguments").get(0).textValue())
        .isEqualTo("/mnt/data/app.db");
  }

  @Test
  void CLB_13_asyncpgGetsNothingThatItRefuses() throws IOException {
    assertThat(recorded("codex-lb", Backend.POSTGRESQL).get("options").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("host", "port", "user", "password", "database");
  }
}
