package dev.wharfinger.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.BootstrapSpec;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.dependent.SqliteClaim;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.RestoreSource;
import dev.wharfinger.operator.model.RestoredData;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Job of a restore, compared with files. With {@code -Dgolden.write=true} they are written. */
class RestoreJobGoldenTest {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();
  private static final String SEALED =
      "sqlite: {databases: [a.db, b.db], optionalDatabases: [b.db], runAsUser: 1000}, bootstrap:"
          + " {restoreFrom: {claimName: sets, path: shop.old/u/sqlite-1, id: one, identitySecretRef:"
          + " {name: age}}}";

  private static final String BUCKET =
      "bootstrap: {restoreFrom: {path: shop.old/u/sqlite-1, id: one, s3: {bucket: sets, endpoint:"
          + " 'https://s3.example.com:9000', region: eu-1, pathStyle: true, credentialsSecretRef: {name:"
          + " keys, accessKeyIdKey: id}, caSecretRef: {name: ca}}}}";

  private static final String FILES =
      "bootstrap: {restoreFrom: {claimName: sets, path: shop.old/u/postgresql-2, id: one,"
          + " filesClaimName: keys}}";

  @ParameterizedTest
  @ValueSource(
      strings = {"sqlite", "sqlite-sealed", "sqlite-bucket", "postgresql", "postgresql-files"})
  void PIP_22_desiredJob(String name) throws IOException {
    Job job =
        switch (name) {
          case "sqlite" -> desired("", "claim-1");
          case "sqlite-sealed" -> desired(SEALED, "claim-1");
          case "sqlite-bucket" -> desired(BUCKET, "claim-1");
          case "postgresql-files" -> desired(FILES, "claim-1", true);
          default -> desired("ssl: {mode: verify-full}", "claim-1", true);
        };
    String yaml = YAML.asYaml(job);
    Path file = Path.of("src/test/resources/golden/restore", name + ".yaml");
    if (Boolean.getBoolean("golden.write")) {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, yaml);
    }
    // As values: the order of labels is nobody's concern.
    assertThat(YAML.unmarshal(yaml, Map.class))
        .isEqualTo(YAML.unmarshal(Files.readString(file), Map.class));
  }

  @Test
  void aJobIsForOneClaimAndOneSetAndOneKey() {
    String name = desired("", "claim-1").getMetadata().getName();
    assertThat(desired("", "claim-1").getMetadata().getName()).isEqualTo(name);
    assertThat(desired("", "claim-2").getMetadata().getName()).isNotEqualTo(name);
    assertThat(desired(SEALED, "claim-1").getMetadata().getName()).isNotEqualTo(name);
  }

  @Test
  void whatTheRunnerSaysIsUnderstoodAndOtherWordsAreNot() {
    RestoreReport done =
        Objects.requireNonNull(
            RestoreReport.parse(
                """
                {"command":"restore","outcome":"already-restored","reason":"","message":"m","set":{"id":"one",
                "consistentAt":"2026-11-22T02:00:00.123Z","lineage":"l","totals":{"rows":30}}}\
                """));
    assertThat(done.restored())
        .isEqualTo(new RestoredData("one", "2026-11-22T02:00:00.123Z", "l", 30, null));
    RestoreReport failed =
        Objects.requireNonNull(
            RestoreReport.parse(
                "{\"command\":\"restore\",\"outcome\":\"failed\",\"reason\":\"rows-differ\",\"message\":\"m\",\"set\":{\"id\":\"one\"}}"));
    assertThat(failed.restored()).isNull();
    assertThat(failed.reason()).isEqualTo("rows-differ");
    assertThat(RestoreReport.parse("{\"command\":\"backup\",\"outcome\":\"restored\"}")).isNull();
    assertThat(RestoreReport.parse("Killed")).isNull();
    assertThat(RestoreReport.parse(null)).isNull();
  }

  private static Job desired(String spec, String claimUid) {
    return desired(spec, claimUid, false);
  }

  private static RestoreSource source(StorageInstance instance) {
    BootstrapSpec.RestoreFrom asked = RestoreSource.asked(instance);
    return asked == null || asked.s3() == null
        ? RestoreSource.onClaim(instance, "sets", "shop.old/u/sqlite-1", "one")
        : RestoreSource.inBucket(instance, asked.s3(), "shop.old/u/sqlite-1", "one");
  }

  private static Job desired(String spec, String claimUid, boolean server) {
    StorageInstance instance =
        Yaml.read(
            StorageInstance.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: notes, namespace: shop, uid: uid-1}
            spec: {backend: SQLite, %s}
            """
                .formatted(spec));
    InstanceModel model =
        InstanceModel.of(instance, RunningOperator.config("shop")).trusting("(certificates)");
    RestoreSource source = source(instance);
    PersistentVolumeClaim claim = SqliteClaim.restored(model, source);
    claim.getMetadata().setUid(claimUid);
    assertThat(RestoreSource.on(claim)).isEqualTo(source);
    return server
        ? RestoreJob.ofServer(model, source, claim)
        : RestoreJob.ofFiles(model, source, claim);
  }
}
