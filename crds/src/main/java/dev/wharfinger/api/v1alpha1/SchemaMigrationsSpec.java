package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who makes the schema on a new backend, and whether it is kept up to date afterwards. With neither
 * command nor flyway the schema of a new backend is derived from the SQLite file.
 *
 * @param command the application's own tool, run in a Job from the consumer's own image
 * @param flyway SQL files run by Flyway
 * @param run when they are run
 * @param failFast whether the instance is Ready only with its schema migrated
 * @param backupFirst whether a copy is made before anything is changed
 * @param onStart the application migrates by itself
 * @param adopt the schema was made by other means
 */
@ValidationRule(
    value =
        "[has(self.command), has(self.flyway), has(self.onStart), has(self.adopt)].filter(said, said).size() <= 1",
    message = "schemaMigrations takes one of command, flyway, onStart and adopt: remove the others")
@ValidationRule(
    value = "!has(self.run) || self.run != 'Always' || has(self.flyway) || has(self.command)",
    fieldPath = ".run",
    message =
        "schemaMigrations.run: Always needs something to run: say schemaMigrations.flyway or schemaMigrations.command, or"
            + " remove run")
public record SchemaMigrationsSpec(
    @Nullable Command command,
    @Nullable Flyway flyway,
    @JsonPropertyDescription(
            "When they are run. OnSwitch, the default: on a new backend before the data comes. Always: also on the backend"
                + " that holds the data, whenever the files or their options, the command or the image of the application"
                + " change. The annotation"
                + " wharfinger.dev/migrate-schema asks for one run either way.")
        @Nullable SchemaRun run,
    @JsonPropertyDescription(
            "With run: Always, whether the instance is Ready only with its schema migrated, and with flyway the binding"
                + " Secret of a new one is made only then. Default: true. With false only the condition SchemaMigrated"
                + " tells.")
        @Nullable Boolean failFast,
    @JsonPropertyDescription(
            "Whether the data are saved before migrations change them outside of a move. On SQLite by a verified copy of the"
                + " file on its volume; default: true. On PostgreSQL by a StorageBackup, which needs spec.backup; default:"
                + " false.")
        @Nullable Boolean backupFirst,
    @JsonPropertyDescription(
            "The application migrates its schema by itself when it starts. The condition SchemaMigrated waits for the"
                + " revision that its migration tool writes down; nothing else does.")
        @Nullable OnStart onStart,
    @JsonPropertyDescription(
            "The schema is taken as it is: its revision is read once and recorded, and nothing is run.")
        @Nullable Adopt adopt) {

  /**
   * The application migrates by itself.
   *
   * @param revision the revision that is expected
   */
  public record OnStart(
      @JsonPropertyDescription(
              "The revision that is expected, as the migration tool's table has it. Default: any.")
          @Size(min = 1, max = 200)
          @Nullable String revision) {}

  /**
   * The schema was made by other means.
   *
   * @param revision the revision that is expected
   */
  public record Adopt(
      @JsonPropertyDescription(
              "The revision that is expected, as a migration tool's table has it. Default: any, or none.")
          @Size(min = 1, max = 200)
          @Nullable String revision) {}

  /**
   * The application's own migration tool.
   *
   * @param command what to run, for example {@code [alembic, upgrade, head]}; the image is that of
   *     the consumer
   * @param container the consumer's container whose image and environment are used; default: the
   *     first that refers to the binding
   * @param heads what prints the ends of the migrations, for example {@code [alembic, heads]}
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
          @Nullable String container,
      @JsonPropertyDescription(
              "What prints one line for each end of the migrations, for example [alembic, heads]; it needs a shell in the"
                  + " image. It runs first, and where it prints several lines nothing else is. Default: nothing.")
          @Size(min = 1, max = 32)
          @Nullable List<@Size(max = 1024) String> heads) {}

  /**
   * Flyway's SQL migrations.
   *
   * @param configMapRef ConfigMap of the same namespace with {@code V1__name.sql} files
   * @param sqliteConfigMapRef the same for SQLite, where its SQL differs
   * @param placeholders what {@code ${name}} stands for in the files
   * @param baselineVersion the version that a schema made by other means is taken for
   */
  @ValidationRule(
      value = "!has(self.baselineVersion) || self.baselineVersion.matches('^[0-9]+([._][0-9]+)*$')",
      fieldPath = ".baselineVersion",
      message = "flyway.baselineVersion is numbers with dots between them, for example 3 or 2.1")
  @ValidationRule(
      value =
          "!has(self.placeholders) || self.placeholders.all(k, k.matches('^[A-Za-z][A-Za-z0-9_.-]*$') && size(k) <= 63)",
      fieldPath = ".placeholders",
      message =
          "flyway.placeholders takes names of at most 63 letters, digits, dots, dashes and underscores, a letter first")
  public record Flyway(
      @JsonPropertyDescription("ConfigMap of this namespace with V1__name.sql files.") @Required
          LocalRef configMapRef,
      @JsonPropertyDescription("The same for SQLite, where its SQL differs. Default: configMapRef.")
          @Nullable LocalRef sqliteConfigMapRef,
      @JsonPropertyDescription("What ${name} stands for in the files. No place for secrets.")
          @Size(max = 64)
          @Nullable Map<String, @Size(max = 1024) String> placeholders,
      @JsonPropertyDescription(
              "Takes a schema that was made by other means for this version, and runs what comes after it. Without it"
                  + " such a schema is refused.")
          @Size(min = 1, max = 50)
          @Nullable String baselineVersion) {}

  /**
   * A reference inside the namespace.
   *
   * @param name the object's name
   */
  public record LocalRef(@Required @Size(min = 1, max = 253) String name) {}
}
