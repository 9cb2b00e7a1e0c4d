package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What the user asks for. Everything has a default: {@code spec: {}} is a usable SQLite instance.
 *
 * @param backend where the data shall live; changing it starts a {@link StorageMigration}
 * @param sqlite the SQLite side
 * @param postgresql the PostgreSQL side
 * @param pool the application's connection pool
 * @param ssl TLS between application and PostgreSQL
 * @param schemaMigrations who makes the schema on a new backend
 * @param migration how data are moved
 * @param binding how the application is told
 * @param deletionPolicy what deleting the resource does to the data
 * @param paused the operator writes nothing while true
 * @param suspend the server is scaled to zero while true
 * @param backup how backups are made
 * @param bootstrap what a new instance begins with
 */
@ValidationRule(
    value = BootstrapRules.FIXED,
    fieldPath = ".bootstrap.restoreFrom",
    message =
        "bootstrap.restoreFrom is for a new StorageInstance, and is neither added nor changed later, but for its"
            + " identitySecretRef, its filesClaimName and how s3 is reached: make another StorageInstance with it")
@ValidationRule(
    value = BootstrapRules.IN_MEMORY,
    fieldPath = ".bootstrap.restoreFrom",
    message =
        "an in-memory database has no volume to restore into: remove bootstrap.restoreFrom, or sqlite.inMemory")
@ValidationRule(
    value = BootstrapRules.EXTERNAL,
    fieldPath = ".bootstrap.restoreFrom",
    message =
        "nothing is restored into the server of postgresql.external: remove bootstrap.restoreFrom, and use the restore"
            + " command")
@ValidationRule(
    value = BackupRules.IN_MEMORY,
    fieldPath = ".backup",
    message = "an in-memory database cannot be backed up: remove backup, or sqlite.inMemory")
@ValidationRule(
    value = BackupRules.FILES_CLAIM,
    fieldPath = ".backup.filesClaimName",
    message =
        "backup.filesClaimName is for backend: PostgreSQL; on SQLite extraPaths are on the volume of the instance: remove it,"
            + " and see that the files are there")
@ValidationRule(
    value = BackupRules.EXTERNAL,
    fieldPath = ".backup",
    message =
        "this version makes no backups of postgresql.external: remove backup, and use what its owner offers, or the"
            + " backup command")
@ValidationRule(
    value =
        "!(self.backend == 'PostgreSQL' && has(self.sqlite) && has(self.sqlite.inMemory) && self.sqlite.inMemory)",
    fieldPath = ".backend",
    message =
        "an in-memory SQLite database cannot be moved: remove sqlite.inMemory in a new StorageInstance with backend"
            + " PostgreSQL")
@ValidationRule(
    value = TransitionRules.SQLITE_IN_MEMORY,
    fieldPath = ".sqlite.inMemory",
    message = "sqlite.inMemory is fixed: make another StorageInstance instead")
@ValidationRule(
    value = TransitionRules.SQLITE_SIZE,
    fieldPath = ".sqlite.storage",
    message =
        "sqlite.storage.size (default: 1Gi) may only grow: a volume cannot shrink without losing data")
@ValidationRule(
    value = TransitionRules.SQLITE_CLASS,
    fieldPath = ".sqlite.storage",
    message =
        "sqlite.storage.storageClassName is fixed, because the volume is claimed: make another StorageInstance instead")
@ValidationRule(
    value = TransitionRules.POSTGRESQL_SIZE,
    fieldPath = ".postgresql.storage",
    message =
        "postgresql.storage.size (default: 1Gi) may only grow once backend is PostgreSQL: a volume cannot shrink without"
            + " losing data")
@ValidationRule(
    value = TransitionRules.POSTGRESQL_CLASS,
    fieldPath = ".postgresql.storage",
    message =
        "postgresql.storage.storageClassName is fixed once backend is PostgreSQL, because the volume is claimed: make"
            + " another StorageInstance instead")
@ValidationRule(
    value = TransitionRules.POSTGRESQL_VERSION,
    fieldPath = ".postgresql.version",
    message =
        "postgresql.version is fixed once backend is PostgreSQL: another major needs a dump and a restore into a new"
            + " StorageInstance")
@ValidationRule(
    value = TransitionRules.POSTGRESQL_DATABASE,
    fieldPath = ".postgresql.database",
    message =
        "postgresql.database is fixed once backend is PostgreSQL: renaming it would leave the data behind")
@ValidationRule(
    value = ExternalRules.BACKEND,
    fieldPath = ".postgresql.external",
    message =
        "postgresql.external needs backend: PostgreSQL from the beginning: this version does not move a SQLite file to an"
            + " external server; move it by hand with the transfer command, then make a new StorageInstance")
@ValidationRule(
    value = ExternalRules.FIXED,
    fieldPath = ".postgresql.external",
    message =
        "postgresql.external is neither added nor removed later: the data would stay behind, and this version does not"
            + " move them; make another StorageInstance, copy the data, and delete this one, which keeps its data")
@ValidationRule(
    value = ExternalRules.ADDRESS,
    fieldPath = ".postgresql.external",
    message =
        "host, port and database of postgresql.external are fixed: the data would stay behind; make another"
            + " StorageInstance for the other database and delete this one, which leaves its database as it is")
@ValidationRule(
    value = ExternalRules.KNOWN_MODE,
    fieldPath = ".ssl.mode",
    message =
        "ssl.mode must be one of libpq's: disable, allow, prefer, require, verify-ca or verify-full")
@ValidationRule(
    value = ExternalRules.CA_NEEDED,
    fieldPath = ".ssl.mode",
    message =
        "ssl.mode verify-ca and verify-full need ssl.caSecretRef, the certificates to verify the server by")
@ValidationRule(
    value = ExternalRules.CA_MEANT,
    fieldPath = ".ssl.caSecretRef",
    message =
        "ssl.caSecretRef is for postgresql.external, or goes with ssl.certificateSecretRef: remove it, as the operator"
            + " tells the application by which authority its own certificate is verified")
@ValidationRule(
    value = ExternalRules.CERTIFICATE_MEANT,
    fieldPath = ".ssl.certificateSecretRef",
    message =
        "ssl.certificateSecretRef is for the operator's own server: remove it, as the server of postgresql.external has a"
            + " certificate of its own")
@ValidationRule(
    value = ExternalRules.CERTIFICATE_USED,
    fieldPath = ".ssl.certificateSecretRef",
    message =
        "ssl.certificateSecretRef needs ssl.mode, and not disable, for example verify-full: without TLS the certificate"
            + " would not be used")
@ValidationRule(
    value = ExternalRules.CLIENT_CERTIFICATE_USED,
    fieldPath = ".ssl.mode",
    message =
        "ssl.mode: disable shows no certificate: say require or stricter, or remove"
            + " postgresql.external.clientCertificateSecretRef")
@ValidationRule(
    value = ExternalRules.NOT_SUSPENDED,
    fieldPath = ".suspend",
    message =
        "suspend stops a server of the operator's, and postgresql.external is somebody else's: remove suspend, and scale"
            + " the application to zero")
@ValidationRule(
    value =
        "!(self.backend == 'PostgreSQL' && has(self.schemaMigrations) && has(self.schemaMigrations.backupFirst) &&"
            + " self.schemaMigrations.backupFirst && !has(self.backup))",
    fieldPath = ".schemaMigrations.backupFirst",
    message =
        "schemaMigrations.backupFirst: true needs spec.backup on PostgreSQL, which says where sets are kept: add"
            + " backup.target, or set backupFirst to false")
@ValidationRule(
    value =
        "!(has(self.schemaMigrations) && has(self.schemaMigrations.run) && self.schemaMigrations.run == 'Always' &&"
            + " has(self.sqlite) && has(self.sqlite.inMemory) && self.sqlite.inMemory)",
    fieldPath = ".schemaMigrations.run",
    message =
        "schemaMigrations.run: Always cannot reach a database in memory: remove run, or sqlite.inMemory")
public record StorageInstanceSpec(
    @JsonPropertyDescription(
            "Where the data lives: SQLite or PostgreSQL. Changing it moves the running application's data.")
        @Default("SQLite")
        @Nullable Backend backend,
    @JsonPropertyDescription("SQLite files on a volume.") @Nullable SqliteSpec sqlite,
    @JsonPropertyDescription("A PostgreSQL server.") @Nullable PostgresqlSpec postgresql,
    @JsonPropertyDescription("The application's connection pool.") @Nullable PoolSpec pool,
    @JsonPropertyDescription("TLS between application and PostgreSQL.") @Nullable SslSpec ssl,
    @JsonPropertyDescription(
            "Who makes the schema on a new backend, and whether it is kept up to date.")
        @Nullable SchemaMigrationsSpec schemaMigrations,
    @JsonPropertyDescription("How data are moved to a new backend.")
        @Nullable MigrationSpec migration,
    @JsonPropertyDescription("How the application is told where its database is.")
        @Nullable BindingSpec binding,
    @JsonPropertyDescription(
            "Retain keeps volumes and credentials when the resource is deleted. Delete removes them, once confirmed by the"
                + " annotation wharfinger.dev/confirm-delete: <name>/<uid>.")
        @Default("Retain")
        @Nullable DeletionPolicy deletionPolicy,
    @JsonPropertyDescription("While true the operator writes nothing for this instance.")
        @Nullable Boolean paused,
    @JsonPropertyDescription(
            "While true the PostgreSQL server is scaled to zero; its data, Services and Secrets stay, and no move begins."
                + " A move that is under way is ended first. SQLite has no server to stop.")
        @Nullable Boolean suspend,
    @JsonPropertyDescription(
            "How backups are made, and when. Each StorageBackup that names this instance makes one, and the schedule makes"
                + " StorageBackups.")
        @Nullable BackupSpec backup,
    @JsonPropertyDescription(
            "What a new instance begins with. Said when it is made; later it can only be removed.")
        @Nullable BootstrapSpec bootstrap) {

  /** An instance with nothing said: SQLite with all defaults. */
  public static StorageInstanceSpec defaults() {
    return new StorageInstanceSpec(
        Backend.SQLITE,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        DeletionPolicy.RETAIN,
        null,
        null,
        null,
        null);
  }
}
