package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who makes the schema on a new backend. With neither field the schema is derived from the SQLite
 * file.
 *
 * @param command the application's own tool, run in a Job from the consumer's own image
 * @param flyway SQL files run by Flyway
 */
@ValidationRule(
    value = "!(has(self.command) && has(self.flyway))",
    message = "schemaMigrations takes command or flyway, not both")
public record SchemaMigrationsSpec(@Nullable Command command, @Nullable Flyway flyway) {

  /**
   * The application's own migration tool.
   *
   * @param command what to run, for example {@code [alembic, upgrade, head]}; the image is that of
   *     the consumer
   * @param container the consumer's container whose image and environment are used; default: the
   *     first that refers to the binding
   */
  public record Command(
      @JsonPropertyDescription(
              "What to run in the consumer's own image, for example [alembic, upgrade, head]. The operator must allow it"
                  + " (chart value schemaMigrations.allowCommand).")
          @Required
          @Size(min = 1, max = 32)
          List<@Size(max = 1024) String> command,
      @JsonPropertyDescription(
              "Container of the consumer whose image and environment are used. Default: the first that refers to the"
                  + " binding.")
          @Size(max = 63)
          @Nullable String container) {}

  /**
   * Flyway's SQL migrations.
   *
   * @param configMapRef ConfigMap of the same namespace with {@code V1__name.sql} files
   */
  public record Flyway(@Required LocalRef configMapRef) {}

  /**
   * A reference inside the namespace.
   *
   * @param name the object's name
   */
  public record LocalRef(@Required @Size(min = 1, max = 253) String name) {}
}
