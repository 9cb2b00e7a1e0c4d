package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageInstanceStatus;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A set is made while the application writes on, and is what somebody restores from. */
class BackupStory {
  @RegisterExtension static final Story story = new Story("backup", 2);

  @Test
  void PIP_17_PIP_22_aSetOfAFileThatIsWrittenToIsRestoredWithEveryRowOfItsInstant() {
    applyFile("storageinstance.yaml");
    applyFile("application.yaml");
    story.instance("diary").awaitReady();
    String application = story.pods().awaitReadyOf("diary").getMetadata().getName();
    await("rows").atMost(Duration.ofMinutes(2)).until(() -> rows(application) > 200);

    long before = rows(application);
    applyFile("storagebackup.yaml");
    StorageBackupStatus set = completed("diary-before-upgrade");
    long after = rows(application);

    long kept = Objects.requireNonNull(set.totals()).rows();
    assertThat(kept).isBetween(before, after);
    assertThat(after).as("the application writes on").isGreaterThan(kept);
    assertThat(set.totals().files()).as("the key").isEqualTo(1);

    String said =
        onTheClaim(
            "reader",
            set,
            """
              - {name: list, args: [list, --from, "file:///backups", --prefix, "%1$s"]}
              - {name: verify, args: [verify, --from, "file:///backups", --prefix, "%1$s", --set, "%2$s", --scratch, /tmp/try]}
              - {name: restore, args: [restore, --from, "file:///backups", --prefix, "%1$s", --set, "%2$s", --directory, /tmp/restored]}
            """);
    assertThat(log("reader", "list")).contains(set.setId(), "Completed");
    assertThat(log("reader", "verify")).contains("verified");
    assertThat(said)
        .contains("rows " + kept, "the key that the entries are encrypted with", "integrity ok");

    // Beside the application, which writes on, another instance begins with that set.
    Shell.run(
        "kubectl",
        "apply",
        "-n",
        story.namespace(),
        "-f",
        Shell.TOP.resolve("examples/restore/storageinstance.yaml").toString());
    story.instance("diary-again").awaitReady();
    StorageInstanceStatus.RestoredFrom from = restoredFrom("diary-again");
    assertThat(from.id()).isEqualTo(set.setId());
    assertThat(from.rows()).isEqualTo(kept);
    assertThat(whatTheBindingLeadsTo("diary-again"))
        .contains(
            "rows " + kept,
            "the key that the entries are encrypted with",
            "integrity ok",
            "writes");
    assertThat(rows(application)).isGreaterThan(after);

    // The application and its record go; the set stays, and a second look finds it.
    Shell.run("kubectl", "delete", "sbk", "diary-before-upgrade", "-n", story.namespace());
    onTheClaim(
        "reader-again",
        set,
        """
          - {name: verify, args: [verify, --from, "file:///backups", --prefix, "%1$s", --set, "%2$s"]}
        """);
    assertThat(log("reader-again", "verify")).contains("verified");
  }

  @Test
  void CLB_22_aServerIsDumpedAndASetThatCannotBeMadeSaysWhy() {
    story.apply("postgresql");
    story
        .instance("orders")
        .patch(
            "{\"spec\":{\"backup\":{\"target\":{\"persistentVolumeClaim\":{\"size\":\"1Gi\"}}}}}");
    story.instance("orders").awaitReady();
    story.pods().awaitReady("orders-client");
    story.psql("orders", "CREATE TABLE item AS SELECT n FROM generate_series(1, 1000) n");
    ask("orders-one", "orders");
    StorageBackupStatus set = completed("orders-one");

    assertThat(Objects.requireNonNull(set.totals()).rows()).isEqualTo(1000);
    assertThat(set.backend()).isEqualTo("PostgreSQL");

    Shell.run(
        "kubectl",
        "apply",
        "-n",
        story.namespace(),
        "-f",
        Resources.file(
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: orders-again}
            spec:
              backend: PostgreSQL
              bootstrap: {restoreFrom: {backupName: orders-one}}
            """));
    story.instance("orders-again").awaitReady();
    assertThat(restoredFrom("orders-again").rows()).isEqualTo(1000);
    onTheClaim(
        "reader",
        set,
        """
          - {name: verify, args: [verify, --from, "file:///backups", --prefix, "%1$s", --set, "%2$s"]}
        """);
    assertThat(log("reader", "verify")).contains("verified");
  }

  private static void applyFile(String file) {
    Shell.run(
        "kubectl",
        "apply",
        "-n",
        story.namespace(),
        "-f",
        Shell.TOP.resolve("examples/backup/" + file).toString());
  }

  private static void ask(String name, String instance) {
    Shell.run(
        "kubectl",
        "apply",
        "-n",
        story.namespace(),
        "-f",
        Resources.file(
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageBackup
            metadata: {name: %s}
            spec: {instanceRef: {name: %s}}
            """
                .formatted(name, instance)));
  }

  private static StorageBackup backup(String name) {
    return Objects.requireNonNull(
        story
            .client()
            .resources(StorageBackup.class)
            .inNamespace(story.namespace())
            .withName(name)
            .get());
  }

  private static StorageBackupStatus completed(String name) {
    await("StorageBackup " + name + " ended")
        .atMost(Duration.ofMinutes(5))
        .until(() -> {
          StorageBackupStatus status = backup(name).getStatus();
          return status != null && status.phase() != null && status.phase().ended();
        });
    StorageBackupStatus status = Objects.requireNonNull(backup(name).getStatus());
    assertThat(status.phase()).as("%s", status).isEqualTo(BackupPhase.COMPLETED);
    return status;
  }

  private static long rows(String pod) {
    return Long.parseLong(
        story
            .pods()
            .exec(
                pod,
                "python3",
                "-c",
                "import sqlite3; print(sqlite3.connect('/data/diary.db', timeout=10).execute('SELECT count(*) FROM entry')"
                    + ".fetchone()[0])")
            .strip());
  }

  /**
   * Runs commands of the runner in a pod that has the sets and nothing else, and then Python over
   * what they have restored; gives what that says.
   */
  private static String onTheClaim(String pod, StorageBackupStatus set, String commands) {
    StorageBackupStatus.Target target = Objects.requireNonNull(set.target());
    Job job =
        Objects.requireNonNull(
            story
                .client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(story.namespace())
                .withLabel("app.kubernetes.io/managed-by", "wharfinger")
                .list()
                .getItems()
                .getFirst());
    String image = job.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage();
    StringBuilder containers = new StringBuilder();
    commands
        .formatted(target.prefix(), set.setId())
        .lines()
        .forEach(line ->
            containers
                .append("  ")
                .append(
                    line.strip()
                        .replace("args: [", "args: [dev.wharfinger.runner.RunnerMain, ")
                        .replaceFirst("}$", ""))
                .append(", image: ")
                .append(image)
                .append(
                    ", imagePullPolicy: IfNotPresent, securityContext: {allowPrivilegeEscalation: false, capabilities:"
                        + " {drop: [ALL]}}, volumeMounts: [{name: backups, mountPath: /backups}, {name: tmp, mountPath:"
                        + " /tmp}]}\n"));
    Shell.run(
        "kubectl",
        "apply",
        "-n",
        story.namespace(),
        "-f",
        Resources.file(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s}
            spec:
              restartPolicy: Never
              automountServiceAccountToken: false
              securityContext: {runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532, seccompProfile: {type: RuntimeDefault}}
              initContainers:
            %s
              containers:
              - name: python
                image: registry.local/ihatemoney:1
                command: [python3, -c]
                args:
                - |
                  import pathlib, sqlite3
                  folder = pathlib.Path("/tmp/restored")
                  if folder.exists():
                      diary = sqlite3.connect(folder / "diary.db")
                      print("rows", diary.execute("SELECT count(*) FROM entry").fetchone()[0])
                      print("integrity", diary.execute("PRAGMA integrity_check").fetchone()[0])
                      print((folder / "encryption.key").read_text())
                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                volumeMounts: [{name: tmp, mountPath: /tmp}]
              volumes:
              - {name: tmp, emptyDir: {}}
              - name: backups
                persistentVolumeClaim: {claimName: %s}
            """
                .formatted(pod, containers.toString().stripTrailing(), target.claim())));
    await("pod " + pod + " ended")
        .atMost(Duration.ofMinutes(3))
        .until(() -> {
          var now = story.pods().get(pod);
          String phase = now == null ? null : now.getStatus().getPhase();
          return "Succeeded".equals(phase) || "Failed".equals(phase);
        });
    return story.pods().log(pod);
  }

  private static StorageInstanceStatus.RestoredFrom restoredFrom(String name) {
    StorageInstance instance =
        story
            .client()
            .resources(StorageInstance.class)
            .inNamespace(story.namespace())
            .withName(name)
            .get();
    return Objects.requireNonNull(Objects.requireNonNull(instance.getStatus()).restoredFrom());
  }

  /** What an application finds by the Secret of an instance, in which it can write too. */
  private static String whatTheBindingLeadsTo(String instance) {
    String pod = instance + "-reader";
    Shell.run(
        "kubectl",
        "apply",
        "-n",
        story.namespace(),
        "-f",
        Resources.file(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: %1$s}
            spec:
              restartPolicy: Never
              automountServiceAccountToken: false
              securityContext: {runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532, seccompProfile: {type: RuntimeDefault}}
              containers:
              - name: python
                image: registry.local/ihatemoney:1
                command: [python3, -c]
                args:
                - |
                  import os, pathlib, sqlite3
                  file = pathlib.Path(os.environ["DATABASE"])
                  diary = sqlite3.connect(file)
                  print("rows", diary.execute("SELECT count(*) FROM entry").fetchone()[0])
                  print("integrity", diary.execute("PRAGMA integrity_check").fetchone()[0])
                  print(file.with_name("encryption.key").read_text())
                  with diary:
                      diary.execute("INSERT INTO entry (text) VALUES ('more')")
                  print("writes")
                env:
                - name: DATABASE
                  valueFrom: {secretKeyRef: {name: %2$s-binding, key: path}}
                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                volumeMounts: [{name: data, mountPath: /data}]
              volumes:
              - name: data
                persistentVolumeClaim: {claimName: %2$s-data}
            """
                .formatted(pod, instance)));
    await("pod " + pod + " ended")
        .atMost(Duration.ofMinutes(3))
        .until(() -> {
          var now = story.pods().get(pod);
          String phase = now == null ? null : now.getStatus().getPhase();
          return "Succeeded".equals(phase) || "Failed".equals(phase);
        });
    return story.pods().log(pod);
  }

  private static String log(String pod, String container) {
    return Shell.run("kubectl", "logs", "-n", story.namespace(), pod, "-c", container);
  }
}
