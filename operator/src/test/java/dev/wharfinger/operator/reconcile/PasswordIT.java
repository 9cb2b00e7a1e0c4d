package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.dependent.CertificateSecrets;
import dev.wharfinger.operator.model.Volume;
import dev.wharfinger.testing.BackupStage;
import dev.wharfinger.testing.MoveStage;
import dev.wharfinger.testing.Probes;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of a password that somebody writes into the Secret of a server. */
class PasswordIT {
  private static Stage stage;
  private static Probes jobs;

  @BeforeAll
  static void open() {
    stage = Stage.open("password");
    jobs = new Probes(stage, "password");
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @Test
  void theRoleGetsItBeforeTheApplicationIsToldOfIt() {
    stage.create("turned", "{backend: PostgreSQL}");
    stage.awaitReady("turned");
    String before = password("turned-binding");
    assertThat(jobs.of("turned")).isEmpty();

    edit("turned", "another");
    Job job = job("turned");
    stage.awaitRest();
    assertThat(password("turned-binding")).isEqualTo(before);
    assertThat(secret("turned-postgresql-role"))
        .containsEntry("password", before)
        .containsEntry("next-password", "another");
    assertThat(status("turned", "Ready")).isEqualTo("True");
    assertThat(Serialization.asJson(job)).doesNotContain("another").contains("change-password");

    jobs.complete(job);
    await().until(() -> "another".equals(password("turned-binding")));
    stage.awaitReady("turned");
    assertThat(jobs.of("turned")).hasSize(1);
    // What was edited once may be edited again.
    edit("turned", "third");
    await().until(() -> jobs.of("turned").stream().noneMatch(j -> same(j, job)));
    jobs.complete(job("turned"));
    await().until(() -> "third".equals(password("turned-binding")));
    stage.awaitReady("turned");
  }

  @Test
  void whereItCannotBeTheApplicationGoesOn() {
    stage.create(
        "kept",
        "{backend: PostgreSQL, postgresql: {storage: {size: 1Gi, storageClassName: growing}}}");
    stage.awaitReady("kept");
    String before = password("kept-binding");
    edit("kept", "another");
    Job job = job("kept");
    jobs.says(job, 2, "change-password: the role takes neither");
    jobs.fail(job, "PodFailurePolicy");

    assertThat(stage.awaitStalled("kept", "PasswordRefused"))
        .contains(
            "kept-credentials",
            "kept-postgresql-role",
            "the role takes neither",
            job.getMetadata().getName())
        .doesNotContain("another", before);
    assertThat(status("kept", "Ready")).isEqualTo("True");
    assertThat(password("kept-binding")).isEqualTo(before);

    // Its volume grows all the same.
    stage.merge(
        StorageInstance.class,
        "kept",
        "{\"spec\":{\"postgresql\":{\"storage\":{\"size\":\"2Gi\"}}}}");
    await().until(() -> "2Gi".equals(size("data-kept-postgresql-0")));

    edit("kept", before);
    stage.awaitReady("kept");
    assertThat(password("kept-binding")).isEqualTo(before);
    assertThat(secret("kept-postgresql-role"))
        .containsEntry("password", before)
        .doesNotContainKey("next-password");
    assertThat(jobs.of("kept")).allMatch(j -> same(j, job));
  }

  /**
   * The Job may have given it already when somebody takes it back: nobody else would know any more
   * what opens the server.
   */
  @Test
  void whoTakesItBackIsNotLockedOut() {
    stage.create("back", "{backend: PostgreSQL}");
    stage.awaitReady("back");
    String before = password("back-binding");
    edit("back", "another");
    Job job = job("back");
    edit("back", before);
    stage.awaitRest();
    assertThat(jobs.of("back")).allMatch(j -> same(j, job));
    assertThat(secret("back-postgresql-role")).containsEntry("next-password", "another");

    jobs.fail(job, "BackoffLimitExceeded");
    await().until(() -> jobs.of("back").stream().noneMatch(j -> same(j, job)));
    Job again = job("back");
    assertThat(again.getMetadata().getName()).isEqualTo(job.getMetadata().getName());
    jobs.complete(again);
    await().until(() -> jobs.of("back").stream().noneMatch(j -> same(j, again)));
    assertThat(secret("back-postgresql-role"))
        .containsEntry("next-password", before)
        .containsEntry("password", "another");
    await().until(() -> "another".equals(password("back-binding")));
    jobs.complete(job("back"));
    await().until(() -> before.equals(password("back-binding")));
    stage.awaitReady("back");
  }

  /**
   * A volume that is empty gets a role with the password of now; and the first one may come back.
   */
  @Test
  void whatWasGivenIsAsIfItHadAlwaysBeenSo() {
    stage.create("always", "{backend: PostgreSQL}");
    stage.awaitReady("always");
    Map<String, String> first = secret("always-credentials");
    String before = password("always-binding");
    edit("always", "another");
    jobs.complete(job("always"));
    await().until(() -> "another".equals(password("always-binding")));
    await()
        .until(() ->
            !Objects.equals(
                secret("always-credentials").get("bootstrap.sql"), first.get("bootstrap.sql")));
    stage.awaitReady("always");
    assertThat(secret("always-credentials").get("bootstrap.sql"))
        .contains("LOGIN PASSWORD 'SCRAM-SHA-256$4096:", "CREATE DATABASE ");
    assertThat(secret("always-postgresql-role")).isEqualTo(secret("always-credentials"));

    Job job = job("always");
    edit("always", before);
    await().until(() -> jobs.of("always").stream().noneMatch(j -> same(j, job)));
    jobs.complete(job("always"));
    await().until(() -> before.equals(password("always-binding")));
    await().until(() -> secret("always-credentials").equals(first));
    stage.awaitReady("always");
  }

  /** It would lose its connection, and the password it begins again with. */
  @Test
  void whoDumpsIsNotDisturbedAndARefusalIsNoObstacle() {
    BackupStage backups = new BackupStage(stage);
    backups.instance("dumped", "backend: PostgreSQL");
    String before = password("dumped-binding");
    backups.ask("dumped-one", "dumped");
    Job first = backups.job("dumped-one");
    edit("dumped", "another");
    await().until(() -> "PasswordChanging".equals(reason("dumped", "Reconciling")));
    stage.awaitRest();
    assertThat(jobs.of("dumped")).isEmpty();
    assertThat(secret("dumped-postgresql-role")).doesNotContainKey("next-password");
    backups.completes(first, false);

    stage.touch("dumped", 1);
    Job job = job("dumped");
    backups.ask("dumped-two", "dumped");
    assertThat(
            BackupStage.message(
                backups.await("dumped-two", BackupPhase.PENDING, "WaitingForServer")))
        .contains(job.getMetadata().getName());
    jobs.says(job, 2, "change-password: the role takes neither");
    jobs.fail(job, "PodFailurePolicy");
    stage.awaitStalled("dumped", "PasswordRefused");
    Job second = backups.job("dumped-two");
    assertThat(second.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv())
        .filteredOn(e -> e.getName().equals("PGPASSWORD"))
        .singleElement()
        .satisfies(e ->
            assertThat(e.getValueFrom().getSecretKeyRef())
                .returns("dumped-postgresql-role", r -> r.getName())
                .returns("password", r -> r.getKey()));
    assertThat(password("dumped-postgresql-role")).isEqualTo(before);
  }

  @Test
  void theServerIsNotStoppedUnderTheJob() {
    stage.create("slept", "{backend: PostgreSQL}");
    stage.awaitReady("slept");
    edit("slept", "another");
    Job job = job("slept");
    stage.merge(StorageInstance.class, "slept", "{\"spec\":{\"suspend\":true}}");
    await().until(() -> "Suspending".equals(reason("slept", "Reconciling")));
    assertThat(stage.get(StatefulSet.class, "slept-postgresql").getSpec().getReplicas()).isOne();
    jobs.complete(job);
    stage.awaitStalled("slept", "Suspended");
    stage.merge(StorageInstance.class, "slept", "{\"spec\":{\"suspend\":false}}");
    await().until(() -> "another".equals(password("slept-binding")));
    stage.awaitReady("slept");
  }

  /** The Jobs of a move log in with what the role has, and so does the application after it. */
  @Test
  void inAMoveNothingChangesAndAfterItTheRoleGetsIt() {
    try (MoveStage move = new MoveStage()) {
      Probes passwords = new Probes(move.stage(), "password");
      move.ask("PostgreSQL");
      move.job("preflight");
      String before = of(move, "app-postgresql-role").get("password");
      edit(move.stage(), "app", "another");
      move.complete("preflight");
      move.gone("app-5d9-1");
      Job transfer = move.job("transfer");
      assertThat(Serialization.asJson(transfer)).contains("app-postgresql-role");
      move.transferRuns();
      move.transferReady();
      MoveStage.eventually(() -> assertThat(move.binding("backend")).isEqualTo("PostgreSQL"));
      assertThat(of(move, "app-binding")).containsEntry("password", before);
      assertThat(of(move, "app-postgresql-role")).containsEntry("password", before);
      assertThat(passwords.of("app")).isEmpty();
      edit(move.stage(), "app", "third");
      move.awaitReplicas(2);
      move.transferGone();
      move.awaitPhase(MigrationPhase.DONE);

      await().until(() -> passwords.of("app").size() == 1);
      assertThat(of(move, "app-binding")).containsEntry("password", before);
      passwords.complete(passwords.of("app").getFirst());
      await().until(() -> "third".equals(of(move, "app-binding").get("password")));
      move.stage().awaitReady("app");
    }
  }

  private static Map<String, String> of(MoveStage move, String secret) {
    return CertificateSecrets.data(move.stage().get(Secret.class, secret));
  }

  /** Its pod would wait for the Secret until its Job's time is up. */
  @Test
  void nobodyDumpsBeforeItIsNotedWhatTheRoleHas() {
    BackupStage backups = new BackupStage(stage);
    backups.instance("unnoted", "backend: PostgreSQL");
    // As if the data had moved since, and the binding were of before: nothing else is done then.
    epoch("data-unnoted-postgresql-0", "7");
    stage.awaitStalled("unnoted", "BindingOutdated");
    stage.client().resource(stage.get(Secret.class, "unnoted-postgresql-role")).delete();
    backups.ask("unnoted-one", "unnoted");
    assertThat(
            BackupStage.message(
                backups.await("unnoted-one", BackupPhase.PENDING, "WaitingForServer")))
        .contains("unnoted-postgresql-role");
    assertThat(backups.jobNow("unnoted-one")).isNull();

    epoch("data-unnoted-postgresql-0", "1");
    backups.job("unnoted-one");
    assertThat(password("unnoted-postgresql-role")).isEqualTo(password("unnoted-binding"));
  }

  private static void epoch(String claim, String epoch) {
    stage.merge(
        PersistentVolumeClaim.class,
        claim,
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/epoch\":\"%s\"}}}".formatted(epoch));
  }

  /**
   * The binding is the operator's own, and no way to change anything. It may have the only copy of
   * what the role has, though: a Job finds out first.
   */
  @Test
  void whatIsWrittenIntoTheBindingIsSetBack() {
    stage.create("bound", "{backend: PostgreSQL}");
    stage.awaitReady("bound");
    String before = password("bound-binding");
    stage.merge(Secret.class, "bound-binding", "{\"stringData\":{\"password\":\"another\"}}");
    Job job = job("bound");
    stage.awaitRest();
    assertThat(password("bound-binding")).isEqualTo("another");
    assertThat(secret("bound-postgresql-role"))
        .containsEntry("password", "another")
        .containsEntry("next-password", before);
    jobs.complete(job);
    await().until(() -> before.equals(password("bound-binding")));
    stage.awaitReady("bound");
    assertThat(secret("bound-postgresql-role")).isEqualTo(secret("bound-credentials"));
    assertThat(jobs.of("bound")).allMatch(j -> same(j, job));
  }

  private static Job job(String name) {
    await().until(() -> jobs.of(name).size() == 1);
    return jobs.of(name).getFirst();
  }

  private static void edit(String name, String password) {
    edit(stage, name, password);
  }

  private static void edit(Stage stage, String name, String password) {
    stage.merge(
        Secret.class,
        name + "-credentials",
        "{\"stringData\":{\"password\":\"%s\"}}".formatted(password));
  }

  private static boolean same(Job one, Job other) {
    return one.getMetadata().getUid().equals(other.getMetadata().getUid());
  }

  private static String size(String claim) {
    return Volume.requested(stage.get(PersistentVolumeClaim.class, claim)).toString();
  }

  private static String password(String secret) {
    return Objects.requireNonNull(secret(secret).get("password"));
  }

  private static Map<String, String> secret(String name) {
    return CertificateSecrets.data(stage.get(Secret.class, name));
  }

  private static String status(String name, String type) {
    return Objects.requireNonNull((Condition) Stage.condition(stage.instance(name), type))
        .getStatus();
  }

  private static String reason(String name, String type) {
    Condition condition = Stage.condition(stage.instance(name), type);
    return condition == null ? "" : condition.getReason();
  }
}
