package dev.wharfinger.operator.model;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Annotations that carry evidence: they stand on the objects they speak of, never in a status. */
public final class Annotations {
  private static final String DOMAIN = "wharfinger.dev/";

  /** On a StorageInstance: the uid of the deleted instance whose retained data it takes over. */
  public static final String ADOPT = DOMAIN + "adopt";

  /**
   * On a StorageInstance with deletionPolicy Delete: {@code <name>/<uid>} says it a second time.
   */
  public static final String CONFIRM_DELETE = DOMAIN + "confirm-delete";

  /**
   * On a StorageInstance: {@code <uid>/<superseded>} of the PostgreSQL server's claim whose
   * retained data, of before that move to SQLite, may be replaced by another move.
   */
  public static final String REPLACE_RETAINED = DOMAIN + "replace-retained";

  /**
   * On a StorageInstance: uid of the StorageMigration that may go back to the retained SQLite file
   * although rows written on PostgreSQL are lost by it.
   */
  public static final String ACCEPT_LOSS = DOMAIN + "accept-loss";

  /**
   * On a StorageInstance, and from there on the pods of its server: any text. Another text restarts
   * the server once; taking it away does nothing.
   */
  public static final String RESTART_AT = DOMAIN + "restart-at";

  /**
   * On a StorageInstance: any text. Another text has its schema migrations run once, and taking it
   * away does nothing. On a Job of those: hash of the text that it obeys.
   */
  public static final String MIGRATE_SCHEMA = DOMAIN + "migrate-schema";

  /** The same, and the migration tool's history is repaired first. */
  public static final String REPAIR_SCHEMA = DOMAIN + "repair-schema";

  /**
   * On a StorageInstance: hash of the text of {@link #REPAIR_SCHEMA} that was obeyed last, written
   * by the operator. It lasts where the record of the last Job is lost.
   */
  public static final String SCHEMA_REPAIRED = DOMAIN + "schema-repaired";

  /**
   * On a StorageInstance: any text. Another text has the revision of its schema read once, as the
   * table of its migration tool has it.
   */
  public static final String READ_SCHEMA = DOMAIN + "read-schema";

  /**
   * On a Job of schema migrations: hash of files, options, backend and epoch. On one that reads a
   * schema which is waited for: hash of what is expected where.
   */
  public static final String SCHEMA_CONTENT = DOMAIN + "schema-content";

  /** On a Job of schema migrations: name of the StorageBackup that was made before it. */
  public static final String SCHEMA_BACKUP = DOMAIN + "schema-backup";

  /**
   * On a Job that reads a schema which is waited for: which reading it is, the pause after it, when
   * that is over, and hash of the application's pods.
   */
  public static final String READING = DOMAIN + "reading";

  /**
   * On a Job that looks whether the application could still log in: hash of server and Secret,
   * which look it is, how many before it were not let in, and when it was made.
   */
  public static final String CONNECTION = DOMAIN + "connection";

  /**
   * On the binding Secret and on claims: grows by one with every switch; the highest claim holds
   * the data.
   */
  public static final String EPOCH = DOMAIN + "epoch";

  /** On a claim: the epoch in which its data went to the other backend. */
  public static final String SUPERSEDED = DOMAIN + "superseded";

  /**
   * On the SQLite volume's claim: uid of the instance whose application was told of its database.
   */
  public static final String BOUND = DOMAIN + "bound";

  /** On the binding Secret: the backend it points to. */
  public static final String BACKEND = DOMAIN + "backend";

  /** On the binding Secret: {@code host:port/database} of an external server. */
  public static final String EXTERNAL = DOMAIN + "external";

  /** On the binding Secret: uid of the StorageMigration that flipped it last. */
  public static final String OPERATION = DOMAIN + "operation";

  /** On the binding Secret: when it was flipped last, ISO-8601. */
  public static final String SWITCHED_AT = DOMAIN + "switched-at";

  /** On the binding Secret: the schema's revision when the data were moved. */
  public static final String SCHEMA_REVISION = DOMAIN + "schema-revision";

  /** On a consumer: uid of the StorageMigration that holds it at zero. */
  public static final String FENCED_BY = DOMAIN + "fenced-by";

  /** On a fenced consumer: the replicas it had (or, for a CronJob, whether it was suspended). */
  public static final String REPLICAS = DOMAIN + "replicas";

  /**
   * On a StorageMigration: libpq's sslmode when it began. Until it has ended, what the spec says
   * about that is not obeyed.
   */
  public static final String SSL_MODE = DOMAIN + "ssl-mode";

  /** On a StorageMigration: it was taken back, and never goes forward again. */
  public static final String CANCELLED = DOMAIN + "cancelled";

  /** On a StorageMigration: when the first consumer was about to be touched. RFC 3339. */
  public static final String FENCED_AT = DOMAIN + "fenced-at";

  /**
   * On a StorageMigration: when its first transfer Job was about to be made. RFC 3339. From here
   * only a marker tells whether it committed, even when its Job is gone.
   */
  public static final String TRANSFER_STARTED = DOMAIN + "transfer-started";

  /**
   * On a StorageMigration: a runner of the transfer was seen to have started. From here no clock
   * takes the move back.
   */
  public static final String RUNNER_STARTED = DOMAIN + "runner-started";

  /** On a StorageMigration: why it was given up, as {@code Reason: message}. Never taken back. */
  public static final String ROLLBACK = DOMAIN + "rollback";

  /**
   * On a migration: nobody had been asked to stop when its time was up, and it began anew. Only
   * once.
   */
  public static final String FENCED_AGAIN = DOMAIN + "fenced-again";

  /** On a StorageMigration: when its consumers had been given back. RFC 3339. */
  public static final String RETURNED_AT = DOMAIN + "returned-at";

  /**
   * On a StorageMigration, StorageBackup or StorageRestore: the phase it ended in; written when
   * nothing is left to do.
   */
  public static final String ENDED = DOMAIN + "ended";

  /**
   * On a StorageBackup, and on its Job: of which data it is and where its set goes, as JSON.
   * Written before the first Job, with the uid that it is good for.
   */
  public static final String BACKUP_DECISION = DOMAIN + "backup-decision";

  /**
   * On a StorageBackup with {@link #BACKUP_DECISION}: how many Jobs were made for it. From here
   * only the target tells whether there is a set, even when the Job is gone.
   */
  public static final String BACKUP_JOBS = DOMAIN + "backup-jobs";

  /** On a StorageBackup: what it ended with, as JSON. Written once, with {@link #ENDED}. */
  public static final String BACKUP_RESULT = DOMAIN + "backup-result";

  /** On a StorageBackup: the uid of the one that ended so. Somebody may copy all of it. */
  public static final String BACKUP_OF = DOMAIN + "backup-of";

  /** On a StorageBackup of a schedule: how many slots before its own were not run. */
  public static final String MISSED_SLOTS = DOMAIN + "missed-slots";

  /**
   * On a StorageInstance: any text. Another text has its newest set restored for a try once, and
   * taking it away does nothing.
   */
  public static final String DRILL = DOMAIN + "drill";

  /** On the Job of a drill: of which set it is, when it was begun and for which text, as JSON. */
  public static final String DRILL_DECISION = DOMAIN + "drill-decision";

  /**
   * On a StorageBackup: what the last drill of its set ended with, as JSON, with the uid that it is
   * good for.
   */
  public static final String DRILLED = DOMAIN + "drilled";

  /**
   * On the claim of a new volume, from its first moment: the backup set that it is to be filled
   * from, as JSON. Without {@link #RESTORED} what is on the volume is nobody's data.
   */
  public static final String RESTORE_FROM = DOMAIN + "restore-from";

  /**
   * On the same claim: what it was filled with, as JSON. Nothing is restored into it again but by a
   * StorageRestore, which has the same words then.
   */
  public static final String RESTORED = DOMAIN + "restored";

  /**
   * On a StorageRestore: what it restores over what, as JSON. Written once, before anybody is asked
   * to confirm it.
   */
  public static final String RESTORE_PLAN = DOMAIN + "restore-plan";

  /**
   * On a StorageRestore: when the Job that exchanges the files was about to be made. RFC 3339. From
   * here there is only forward. On the claim, before that Job is made and until it is done: the
   * plan of the StorageRestore, whatever becomes of that. Nobody uses or copies such data.
   */
  public static final String SWAP_STARTED = DOMAIN + "swap-started";

  /**
   * On a StorageRestore: the instant of the backup of what was there before, written before anybody
   * is stopped. What was written since is on the volume alone.
   */
  public static final String SAVED_AT = DOMAIN + "saved-at";

  /** Node label that no node has: a fenced DaemonSet selects it. */
  public static final String FENCED_NODE = DOMAIN + "fenced";

  private Annotations() {}

  /** An annotation's value, or null. */
  public static @Nullable String get(@Nullable HasMetadata object, String name) {
    if (object == null) {
      return null;
    }
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(name);
  }

  /** The epoch on an object; 0 where there is none. */
  public static int epoch(@Nullable HasMetadata object) {
    return number(object, EPOCH);
  }

  /** The epoch in which a claim's data went away; 0 where it did not. */
  public static int superseded(@Nullable HasMetadata claim) {
    return number(claim, SUPERSEDED);
  }

  /** An annotation that counts; 0 where there is none. */
  public static int number(@Nullable HasMetadata object, String name) {
    String value = get(object, name);
    return value == null || !value.matches("[0-9]{1,9}") ? 0 : Integer.parseInt(value);
  }
}
