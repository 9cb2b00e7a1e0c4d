package dev.wharfinger.e2e.fault;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;

/** What people do with an instance whose schema is of the application's own making. */
final class CommandDeeds {
  private static final String COMMAND = "command: {command: [migrate]}";
  private static final String BACKUP = "backup: {target: {persistentVolumeClaim: {size: 1Gi}}}";

  private CommandDeeds() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("T03_commandSqlite", lane -> {}, CommandDeeds::createSqlite),
        new Scenario("T03_commandSqliteImage", CommandDeeds::createSqlite, CommandDeeds::nextImage),
        new Scenario(
            "T03_commandPostgresqlBackup",
            CommandDeeds::createPostgresql,
            CommandDeeds::nextImageAfterBackup),
        new Scenario("T03_awaited", CommandDeeds::awaiting, CommandDeeds::brought));
  }

  private static void createSqlite(Lane lane) {
    lane.create(Deeds.application(true));
    lane.create(
        Deeds.instance(
            "{backend: SQLite, schemaMigrations: {run: Always, %s}}".formatted(COMMAND)));
    SchemaDeeds.migrated(lane, "1");
  }

  private static void createPostgresql(Lane lane) {
    lane.create(Deeds.application(false));
    lane.create(
        Deeds.instance(
            "{backend: PostgreSQL, %s, schemaMigrations: {run: Always, %s}}"
                .formatted(BACKUP, COMMAND)));
    SchemaDeeds.migrated(lane, "1");
  }

  /** Somebody who does not want to wait half a minute has the operator look at once. */
  private static void nextImage(Lane lane) {
    lane.history().happened("person", "rolls out example:2");
    lane.client()
        .resources(Deployment.class)
        .inNamespace(lane.namespace())
        .withName(Deeds.APP)
        .edit(app ->
            app.edit()
                .editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .withImage("example:2")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build());
    lane.patch(
        StorageInstance.class,
        Deeds.APP,
        "{\"metadata\":{\"annotations\":{\"example.com/look\":\"2\"}}}");
    SchemaDeeds.migrated(lane, "2");
  }

  private static void nextImageAfterBackup(Lane lane) {
    lane.merge(
        StorageInstance.class,
        Deeds.APP,
        "{\"spec\":{\"schemaMigrations\":{\"backupFirst\":true}}}");
    // An operator that has not seen that yet is right to make none.
    Deeds.atWork(lane);
    lane.world().schemas().wantBackups();
    nextImage(lane);
  }

  /** The application runs, and its schema is not what the spec says. */
  private static void awaiting(Lane lane) {
    lane.create(
        Deeds.instance("{backend: SQLite, schemaMigrations: {onStart: {revision: \"2\"}}}"));
    lane.until("the claim is there", () -> lane.find(PersistentVolumeClaim.class, claim()) != null);
    brings(lane, "1");
    lane.create(Deeds.application(true));
    Deeds.atWork(lane);
    lane.until(
        "it is said of which revision the schema is",
        () ->
            Conditions.messages(lane.find(StorageInstance.class, Deeds.APP))
                .anyMatch(words -> words.contains("last it was of revision 1")));
  }

  private static void brought(Lane lane) {
    brings(lane, "2");
    SchemaDeeds.migrated(lane, "2");
  }

  private static void brings(Lane lane, String revision) {
    lane.history().happened("app", "brings its schema to revision " + revision);
    String uid = lane.get(PersistentVolumeClaim.class, claim()).getMetadata().getUid();
    Runner.brings(Volumes.file(uid, "app.db"), revision);
  }

  private static String claim() {
    return Deeds.APP + "-data";
  }
}
