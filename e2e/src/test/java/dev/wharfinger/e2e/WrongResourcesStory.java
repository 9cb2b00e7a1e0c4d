package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who makes a mistake is told which field it is and what to do. */
class WrongResourcesStory {
  private static final Path FILES = Shell.TOP.resolve("crds/src/test/resources/validation");
  private static final String EXPECT = "# expect: ";

  @RegisterExtension static final Story story = new Story("wrong", 2);

  @Test
  void tenMistakesGetTenClearMessages() throws IOException {
    for (String file :
        List.of(
            "backend-unknown",
            "backup-schedule",
            "binding-env-reserved",
            "deletion-policy",
            "field-unknown",
            "migration-nowhere",
            "pool-inverted",
            "postgresql-image",
            "postgresql-parameter-forbidden",
            "sqlite-database-twice")) {
      Path path = FILES.resolve("invalid-" + file + ".yaml");
      Shell.Result result =
          Shell.attempt("kubectl", "apply", "-n", story.namespace(), "-f", path.toString());

      assertThat(result.code()).as("%s: %s", file, result.output()).isNotZero();
      try (Stream<String> lines = Files.lines(path)) {
        assertThat(result.output())
            .contains(
                lines
                    .filter(line -> line.startsWith(EXPECT))
                    .map(line -> line.substring(EXPECT.length()))
                    .toList());
      }
    }
  }

  @Test
  void whatOnlyTheOperatorCanSeeIsSaidInTheStatus() {
    instance("unknown-version", "{backend: PostgreSQL, postgresql: {version: \"42\"}}");
    instance("unknown-word", "{binding: {env: {URL: \"{no.such.word}\"}}}");
    Shell.run("kubectl", "create", "configmap", "taken-postgresql", "-n", story.namespace());
    instance("taken", "{backend: PostgreSQL}");

    message("unknown-version", "42", "catalogue");
    message("unknown-word", "binding.env.URL", "no.such.word", "url.sqlalchemy");
    message("taken", "taken-postgresql");
  }

  private static void instance(String name, String spec) {
    String yaml =
        """
        apiVersion: wharfinger.dev/v1alpha1
        kind: StorageInstance
        metadata: {name: %s}
        spec: %s
        """
            .formatted(name, spec);
    Shell.run("kubectl", "apply", "-n", story.namespace(), "-f", Resources.file(yaml));
  }

  private static void message(String name, String... words) {
    assertThat(story.instance(name).awaitMessage("Stalled", message -> true)).contains(words);
  }
}
