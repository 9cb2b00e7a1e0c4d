package dev.wharfinger.operator.job;

import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Owner;
import dev.wharfinger.operator.model.SqliteModel;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the declared SQLite files as the application's user. It never touches a file that exists.
 */
public final class SqliteInitJob {
  /** The runner's exit code for a volume on which a write-ahead log is not safe. */
  private static final int NETWORK_FILE_SYSTEM = 3;

  private SqliteInitJob() {}

  /** Whether a Job that was refused says that the volume is a network file system. */
  public static boolean onNetwork(@Nullable Job job) {
    return job != null
        && job.getStatus() != null
        && job.getStatus().getConditions().stream()
            .map(c -> String.valueOf(c.getMessage()))
            .anyMatch(m -> m.contains("exit code " + NETWORK_FILE_SYSTEM + " "));
  }

  /** Name of the Job for what is declared now. */
  public static String name(InstanceModel model) {
    SqliteModel sqlite = model.sqlite();
    return model
        .names()
        .initJob(
            String.join(
                "\n",
                String.join("\n", sqlite.made()),
                sqlite.journalMode().name(),
                Long.toString(sqlite.uid()),
                Long.toString(sqlite.gid())));
  }

  /**
   * The Job.
   *
   * @param required whether the main database must exist already: an instance that was Ready has
   *     data to lose, and an empty file in its place would hide the loss
   */
  public static Job desired(InstanceModel model, boolean required) {
    SqliteModel sqlite = model.sqlite();
    List<String> args =
        new ArrayList<>(List.of("init-sqlite", "--directory", JobTemplate.DATA_DIRECTORY));
    sqlite.made().forEach(file -> args.addAll(List.of("--database", file)));
    args.addAll(List.of("--journal-mode", sqlite.journalMode().name()));
    if (required) {
      args.addAll(List.of("--require", sqlite.mainDatabase()));
    }
    Job job =
        JobTemplate.job(
            name(model),
            model.instance(),
            "sqlite-init",
            Owner.of(model.instance()),
            Map.of(),
            JobTemplate.withData(
                JobTemplate.pod(JobTemplate.runner(model.operatorImage(), args, List.of()), model),
                model.names().dataClaim()),
            4);
    job.getSpec()
        .getPodFailurePolicy()
        .getRules()
        .getFirst()
        .getOnExitCodes()
        .getValues()
        .add(NETWORK_FILE_SYSTEM);
    return job;
  }
}
