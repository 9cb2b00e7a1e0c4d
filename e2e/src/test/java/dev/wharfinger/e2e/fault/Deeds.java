package dev.wharfinger.e2e.fault;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;

/** What people do with an instance, and what they wait for. */
final class Deeds {
  static final String APP = "app";

  private Deeds() {}

  static void createSqlite(Lane lane) {
    lane.create(instance("{}"));
    lane.create(application(true));
    atWork(lane);
  }

  static void createPostgresql(Lane lane) {
    lane.create(instance("{backend: PostgreSQL}"));
    lane.create(application(false));
    atWork(lane);
  }

  static String instance(String spec) {
    return """
    apiVersion: wharfinger.dev/v1alpha1
    kind: StorageInstance
    metadata: {name: app}
    spec: %s
    """
        .formatted(spec);
  }

  /** An application of two replicas that reads the binding, and mounts the file's volume. */
  static String application(boolean volume) {
    return application(volume ? "{name: data, persistentVolumeClaim: {claimName: app-data}}" : "");
  }

  /** The same with other volumes, each in YAML's short form. */
  static String application(String... volumes) {
    String mounted = String.join(", ", volumes);
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: app}
    spec:
      replicas: 2
      selector: {matchLabels: {app: app}}
      template:
        metadata: {labels: {app: app}}
        spec:
          securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
          containers:
          - name: app
            image: example
            envFrom: [{secretRef: {name: app-binding}}]
            securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
    """
        + (mounted.isEmpty() ? "" : "      volumes: [%s]\n".formatted(mounted));
  }

  /** The instance is Ready and the application runs on it. */
  static void atWork(Lane lane) {
    lane.until(
        "the instance is Ready", () -> Conditions.ready(lane.find(StorageInstance.class, APP)));
    lane.until("the application runs", () -> running(lane));
    int rows = lane.world().acknowledged();
    lane.until("the application stores rows", () -> lane.world().acknowledged() > rows);
  }

  static boolean running(Lane lane) {
    Deployment app = lane.get(Deployment.class, APP);
    return Integer.valueOf(2).equals(app.getStatus().getReadyReplicas())
        && Integer.valueOf(2).equals(app.getStatus().getReplicas());
  }

  static void ask(Lane lane, String backend) {
    lane.merge(StorageInstance.class, APP, "{\"spec\":{\"backend\":\"" + backend + "\"}}");
  }

  static void move(Lane lane) {
    ask(lane, "PostgreSQL");
    lane.until("the move is done", () -> Conditions.phase(lane, "Done"));
    atWork(lane);
  }

  static void dryRun(Lane lane) {
    lane.create(
        """
        apiVersion: wharfinger.dev/v1alpha1
        kind: StorageMigration
        metadata: {name: try}
        spec: {instanceRef: {name: app}, from: SQLite, to: PostgreSQL, dryRun: true}
        """);
    lane.until("the dry run is planned", () -> Conditions.phase(lane, "Planned"));
    atWork(lane);
  }

  static void deleteRetain(Lane lane) {
    lane.delete(StorageInstance.class, APP);
    lane.until("the instance is gone", () -> lane.find(StorageInstance.class, APP) == null);
    lane.until("the binding is gone", () -> lane.find(Secret.class, "app-binding") == null);
  }

  static void deleteDelete(Lane lane) {
    lane.merge(StorageInstance.class, APP, "{\"spec\":{\"deletionPolicy\":\"Delete\"}}");
    lane.merge(Deployment.class, APP, "{\"spec\":{\"replicas\":0}}");
    String uid = lane.get(StorageInstance.class, APP).getMetadata().getUid();
    lane.delete(StorageInstance.class, APP);
    lane.until(
        "a confirmation is asked for",
        () -> Conditions.reason(lane.find(StorageInstance.class, APP), "ConfirmationRequired"));
    lane.merge(
        StorageInstance.class,
        APP,
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/confirm-delete\":\"app/%s\"}}}"
            .formatted(uid));
    lane.until("the instance is gone", () -> lane.find(StorageInstance.class, APP) == null);
    lane.until("the binding is gone", () -> lane.find(Secret.class, "app-binding") == null);
  }

  static void deletedSqlite(Lane lane) {
    createSqlite(lane);
    lane.merge(Deployment.class, APP, "{\"spec\":{\"replicas\":0}}");
    deleteRetain(lane);
  }

  static void adopt(Lane lane) {
    lane.create(instance("{}"));
    lane.until(
        "adoption is asked for",
        () -> Conditions.reason(lane.find(StorageInstance.class, APP), "AdoptionRequired"));
    String former =
        lane.get(io.fabric8.kubernetes.api.model.PersistentVolumeClaim.class, "app-data")
            .getMetadata()
            .getLabels()
            .get("wharfinger.dev/instance-uid");
    lane.merge(
        StorageInstance.class,
        APP,
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/adopt\":\"%s\"}}}".formatted(former));
    lane.merge(Deployment.class, APP, "{\"spec\":{\"replicas\":2}}");
    atWork(lane);
  }

  /** The transfer's pod exists and does not get on. */
  static void moving(Lane lane) {
    createSqlite(lane);
    lane.kubelet().sleep(pod -> pod.getMetadata().getName().contains("-transfer-"));
    ask(lane, "PostgreSQL");
    lane.until("the data is being copied", () -> Conditions.phase(lane, "Copying"));
  }

  static void takeBack(Lane lane) {
    ask(lane, "SQLite");
    lane.until("the move is taken back", () -> Conditions.phase(lane, "RolledBack"));
    atWork(lane);
  }

  /** The transfer has committed, and its readiness probe has not been asked yet. */
  static void committedUnnoticed(Lane lane) {
    createSqlite(lane);
    lane.kubelet().muteFirst(pod -> pod.getMetadata().getName().contains("-transfer-"));
    ask(lane, "PostgreSQL");
    lane.until("the data is being copied", () -> Conditions.phase(lane, "Copying"));
    lane.until("the data is committed", () -> lane.world().moves() == 1);
  }

  static void tooLate(Lane lane) {
    ask(lane, "SQLite");
    lane.until("the move is done all the same", () -> Conditions.phase(lane, "Done"));
    // And then another one brings the data back.
    lane.until("the data is back", () -> ended(lane, Backend.SQLITE, MigrationPhase.DONE));
    atWork(lane);
  }

  static void moved(Lane lane) {
    createSqlite(lane);
    move(lane);
  }

  static void moveBack(Lane lane) {
    ask(lane, "SQLite");
    lane.until("the data is back", () -> ended(lane, Backend.SQLITE, MigrationPhase.DONE));
    atWork(lane);
  }

  /** Whether a move to a backend has ended so. */
  static boolean ended(Lane lane, Backend to, MigrationPhase phase) {
    return migrations(lane).stream()
        .anyMatch(
            m -> m.getSpec().to() == to && m.getStatus() != null && m.getStatus().phase() == phase);
  }

  static void pause(Lane lane) {
    lane.merge(StorageInstance.class, APP, "{\"spec\":{\"paused\":true}}");
    lane.until(
        "the pause is seen",
        () -> Conditions.reason(lane.find(StorageInstance.class, APP), "Paused"));
    lane.merge(
        StorageInstance.class, APP, "{\"spec\":{\"paused\":null,\"storage\":{\"size\":\"20Gi\"}}}");
    atWork(lane);
  }

  /** The migrations of a lane. */
  static List<StorageMigration> migrations(Lane lane) {
    return lane.client()
        .resources(StorageMigration.class)
        .inNamespace(lane.namespace())
        .list()
        .getItems();
  }
}
