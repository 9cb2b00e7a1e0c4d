package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.Back;
import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationFormat;
import dev.wharfinger.api.v1alpha1.MigrationPolicy;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Names;
import dev.wharfinger.operator.model.Owner;
import dev.wharfinger.operator.model.PercentEncoding;
import dev.wharfinger.operator.model.PostgresqlModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.ServerTls;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;

/**
 * One move: what all its Jobs have in common.
 *
 * @param model the instance
 * @param migration the migration the Jobs belong to
 * @param server the server to move to, or from
 */
public record Move(InstanceModel model, StorageMigration migration, PostgresqlServer server) {
  /** Component of everything that a migration makes. */
  public static final String COMPONENT = "migration";

  private static final int LONGEST = 52;

  /**
   * The migration's name where it leaves room for a suffix of eleven characters, else the beginning
   * of it and a hash.
   */
  public static String base(String migration) {
    return migration.length() <= LONGEST
        ? migration
        : migration.substring(0, LONGEST - 9) + "-" + Names.hash(migration);
  }

  /** Name of the Job that plays {@code role}. */
  public static String jobName(String migration, JobRole role) {
    return base(migration) + "-" + role.word();
  }

  /** Name of the ConfigMap with the report. */
  public static String reportName(String migration) {
    return base(migration) + "-report";
  }

  /** Name of the Secret through which the schema command sees the target. */
  public String candidateBinding() {
    return base(name()) + "-binding";
  }

  String name() {
    return migration.getMetadata().getName();
  }

  public String uid() {
    return migration.getMetadata().getUid();
  }

  public OwnerReference owner() {
    return Owner.of(migration);
  }

  /** What was decided when the move began. */
  List<MigrationPolicy> policies() {
    List<MigrationPolicy> policies = migration.getSpec().policies();
    return policies == null ? List.of() : policies;
  }

  /** The formats of a new SQLite file, as they were decided when the move began. */
  List<MigrationFormat> formats() {
    List<MigrationFormat> formats = migration.getSpec().formats();
    return formats == null || !backward() || rollback() ? List.of() : formats;
  }

  /** What marks an object as this migration's. */
  public Map<String, String> extraLabels() {
    return Map.of(Labels.MIGRATION, base(name()));
  }

  /** Whether the data goes from PostgreSQL to SQLite. */
  public boolean backward() {
    return migration.getSpec().to() == Backend.SQLITE;
  }

  /** Whether the retained file is taken again as it stands. */
  boolean rollback() {
    return backward() && migration.getSpec().back() == Back.ROLLBACK;
  }

  String sourceUrl() {
    return backward() ? serverUrl() : fileUrl();
  }

  String targetUrl() {
    return backward() ? fileUrl() : serverUrl();
  }

  /**
   * The target as the abort reaches it. It is the only way to give the application back, so no
   * certificate is in its way that has ended, or whose Secret is gone; the server still has to
   * prove by SCRAM that it knows the role's password.
   */
  String abortUrl() {
    return backward() ? fileUrl() : serverUrl(server.tls() == ServerTls.OFF ? "prefer" : "require");
  }

  private String serverUrl() {
    return serverUrl(
        server.tls() == ServerTls.OFF
            ? "prefer"
            : verifies() ? "verify-full&sslrootcert=" + JobTemplate.CA_FILE : "require");
  }

  /** Without a password: that comes from {@link #password()}. */
  private String serverUrl(String mode) {
    PostgresqlModel postgresql = model.postgresql();
    return "postgresql://"
        + PercentEncoding.encode(postgresql.username())
        + "@"
        + server.host()
        + ":"
        + PostgresqlModel.PORT
        + "/"
        + PercentEncoding.encode(postgresql.database())
        + "?sslmode="
        + mode;
  }

  /** Our own Jobs verify the server wherever they can, whatever the application does. */
  private boolean verifies() {
    return server.tls() != ServerTls.OFF && model.endpoint().ca() != null;
  }

  /** The pod with what the server is verified by. */
  PodSpec trusting(PodSpec pod) {
    return verifies() ? JobTemplate.withCa(pod, server.certificate(), "ca.crt") : pod;
  }

  private String fileUrl() {
    return "sqlite:///" + JobTemplate.DATA_DIRECTORY + "/" + model.sqlite().mainDatabase();
  }

  List<EnvVar> password() {
    return List.of(
        new EnvVarBuilder()
            .withName("PGPASSWORD")
            .withNewValueFrom()
            .withNewSecretKeyRef("password", server.role(), false)
            .endValueFrom()
            .build());
  }

  Job job(JobRole role, PodSpec pod, int backoffLimit) {
    return JobTemplate.job(
        jobName(name(), role),
        model.instance(),
        COMPONENT,
        owner(),
        extraLabels(),
        pod,
        backoffLimit);
  }
}
