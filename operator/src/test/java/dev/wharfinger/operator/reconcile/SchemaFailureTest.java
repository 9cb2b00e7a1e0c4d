package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.operator.status.Failure;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchemaFailureTest {
  private static final Secret CREDENTIALS =
      new SecretBuilder()
          .withNewMetadata()
          .withName("app-postgresql-role")
          .endMetadata()
          .withData(Map.of("password", SecretText.encode("hush-hush")))
          .build();

  @Test
  void PHX_32_theReasonIsTheToolsAndThePasswordIsNot() {
    Failure failure =
        SchemaFailure.of(
            pod(
                "postgresql://app:hush-hush@db/app\n"
                    + "connection failed with hush-hush: FATAL:  password authentication failed for user \"app\"\n"),
            CREDENTIALS);

    assertThat(failure.reason()).isEqualTo("AuthenticationFailed");
    assertThat(failure.message())
        .contains(
            "password authentication failed for user \"app\"",
            "Secret app-postgresql-role",
            "log of pod app-schema-x")
        .doesNotContain("hush");
  }

  @Test
  void whatFlywaysRunnerSaysIsReadAndNotShownAsItStands() {
    Failure full =
        SchemaFailure.of(
            pod(
                "{\"code\":\"migration-failed\",\"message\":\"Script V1__a.sql failed; ERROR: could not extend file: No space left on device\"}"),
            CREDENTIALS);
    assertThat(full.reason()).isEqualTo("DiskFull");
    assertThat(full.message()).contains("Script V1__a.sql failed").doesNotContain("\"code\"");

    assertThat(
            SchemaFailure.of(
                pod(
                    "{\"code\":\"migration-failed\",\"message\":\"Script V2__b.sql failed; ERROR: relation a already exists\"}"),
                CREDENTIALS))
        .returns("SchemaMigrationFailed", Failure::reason)
        .extracting(Failure::message, STRING)
        .contains("Script V2__b.sql failed");
  }

  /** As Alembic said it of migrations that were written for SQLite. */
  @Test
  void PIP_13_theStatementThatTheServerDoesNotTakeIsShown() throws IOException {
    String words = "";
    for (JsonNode failure :
        new ObjectMapper()
            .readTree(Path.of("src/test/resources/failures/recorded.json").toFile())) {
      words =
          failure.get("tool").textValue().equals("another engine's SQL")
              ? failure.get("words").textValue()
              : words;
    }
    Failure failure = SchemaFailure.of(pod(words), CREDENTIALS);

    assertThat(failure.reason()).isEqualTo("SchemaMigrationFailed");
    assertThat(failure.message())
        .contains("syntax error at or near \"PRAGMA\"", "[SQL: PRAGMA foreign_keys=ON]");
  }

  @Test
  void rowsAreNotToldEither() {
    Failure failure =
        SchemaFailure.of(
            pod(
                "psycopg.errors.UniqueViolation: duplicate key value violates unique constraint \"u\"\n"
                    + "DETAIL:  Key (email)=(ann@example.com) already exists.\n"
                    + "[SQL: INSERT INTO people]\n"
                    + "[parameters: {'email': 'ann@example.com'}]\n"),
            CREDENTIALS);

    assertThat(failure.reason()).isEqualTo("SchemaMigrationFailed");
    assertThat(failure.message()).contains("unique constraint").doesNotContain("ann@");
  }

  @Test
  void aPodThatIsGoneSaysNothing() {
    assertThat(SchemaFailure.of(null, null))
        .returns("SchemaMigrationFailed", Failure::reason)
        .returns(
            "the Job that makes the schema on the target failed; its pods' logs say why",
            Failure::message);
  }

  private static Pod pod(String words) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("app-schema-x")
        .endMetadata()
        .withNewStatus()
        .addNewContainerStatus()
        .withNewState()
        .withNewTerminated()
        .withExitCode(1)
        .withMessage(words)
        .endTerminated()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }
}
