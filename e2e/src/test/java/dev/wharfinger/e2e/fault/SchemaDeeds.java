package dev.wharfinger.e2e.fault;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What people do with an instance whose schema the operator migrates. */
final class SchemaDeeds {
  private static final String FILES = "app-sql";
  private static final String GOOD = "ALTER TABLE note ADD COLUMN done integer NOT NULL DEFAULT 0;";
  private static final String BAD = "ALTER TABLE absent ADD COLUMN done integer;";
  private static final String DATA = "{name: data, persistentVolumeClaim: {claimName: app-data}}";

  private SchemaDeeds() {}

  static List<Scenario> scenarios() {
    return Stream.concat(flyway().stream(), CommandDeeds.scenarios().stream()).toList();
  }

  private static List<Scenario> flyway() {
    return List.of(
        new Scenario("T03_schemaSqlite", lane -> {}, SchemaDeeds::createSqlite),
        new Scenario("T03_schemaSqliteFile", SchemaDeeds::createSqlite, SchemaDeeds::addFile),
        new Scenario("T03_schemaSqliteFails", SchemaDeeds::createSqlite, SchemaDeeds::addBadFile),
        new Scenario("T03_schemaPostgresql", lane -> {}, SchemaDeeds::createPostgresql),
        new Scenario(
            "T03_schemaPostgresqlFile", SchemaDeeds::createPostgresql, SchemaDeeds::addFile),
        new Scenario(
            "T03_schemaPostgresqlFails", SchemaDeeds::createPostgresql, SchemaDeeds::addBadFile),
        new Scenario("T06_switchSchemaTls", SchemaDeeds::createForSwitch, SchemaDeeds::move));
  }

  private static void createSqlite(Lane lane) {
    create(lane, "backend: SQLite", true);
    lane.create(Deeds.application(true));
    migrated(lane, "1");
  }

  private static void createPostgresql(Lane lane) {
    create(lane, "backend: PostgreSQL", false);
    lane.create(Deeds.application(false));
    migrated(lane, "1");
  }

  private static void createForSwitch(Lane lane) {
    create(lane, "backend: SQLite, ssl: {mode: verify-full}", false);
    lane.create(Deeds.application(DATA, TlsDeeds.CERTIFICATES));
    migrated(lane, "1");
  }

  private static void create(Lane lane, String spec, boolean backupFirst) {
    lane.create(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: %s}
        data: {V1__note.sql: "CREATE TABLE note (id integer PRIMARY KEY, words text);"}
        """
            .formatted(FILES));
    lane.create(
        Deeds.instance(
            "{%s, schemaMigrations: {run: Always, %sflyway: {configMapRef: {name: %s}}}}"
                .formatted(spec, backupFirst ? "backupFirst: true, " : "", FILES)));
  }

  private static void addFile(Lane lane) {
    file(lane, "V2__done.sql", GOOD);
    migrated(lane, "2");
  }

  /** The application keeps its binding and its data, and a roll-out would wait. */
  private static void addBadFile(Lane lane) {
    String binding = uidOfBinding(lane);
    file(lane, "V2__done.sql", BAD);
    lane.until(
        "the failure is said",
        () ->
            Conditions.reason(
                lane.find(StorageInstance.class, Deeds.APP), "SchemaMigrationFailed"));
    int rows = lane.world().acknowledged();
    lane.until("rows are stored all the same", () -> lane.world().acknowledged() > rows);
    if (!binding.equals(uidOfBinding(lane))) {
      throw new AssertionError("another binding was made for a schema that failed");
    }
  }

  private static String uidOfBinding(Lane lane) {
    return lane.get(Secret.class, "app-binding").getMetadata().getUid();
  }

  /** Somebody who does not want to wait half a minute has the operator look at once. */
  private static void file(Lane lane, String name, String sql) {
    lane.merge(ConfigMap.class, FILES, "{\"data\":{\"%s\":\"%s\"}}".formatted(name, sql));
    lane.patch(
        StorageInstance.class,
        Deeds.APP,
        "{\"metadata\":{\"annotations\":{\"example.com/look\":\"%s\"}}}".formatted(name));
  }

  /** Both files are run on the server, before the data comes and after. */
  private static void move(Lane lane) {
    Deeds.ask(lane, "PostgreSQL");
    lane.until("the move is done", () -> Conditions.phase(lane, "Done"));
    lane.until(
        "the schema is migrated where the data is",
        () -> {
          ConfigMap record = lane.find(ConfigMap.class, "app-schema-record");
          return record != null && "2".equals(record.getData().get("epoch"));
        });
    migrated(lane, "1");
  }

  static void migrated(Lane lane, String revision) {
    lane.until(
        "the schema is of version " + revision,
        () -> {
          StorageInstance instance = lane.find(StorageInstance.class, Deeds.APP);
          return instance != null
              && instance.getStatus() != null
              && Objects.equals(revision, instance.getStatus().schemaRevision());
        });
    Deeds.atWork(lane);
  }
}
