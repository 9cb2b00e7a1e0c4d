package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.S3TargetSpec;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.BackupModel;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Owner;
import dev.wharfinger.operator.model.SqliteModel;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes one backup set, and reads it back. It goes away with its StorageBackup; what it made does
 * not.
 */
public final class BackupJob {
  public static final String COMPONENT = "backup";

  /** Where the claim with the sets is mounted. */
  public static final String DIRECTORY = "/backups";

  private static final String VOLUME = "backups";
  private static final int TRIES = 2;

  private BackupJob() {}

  /**
   * Where the data is while its backup is made.
   *
   * @param place where the application has the SQLite volume, or that with other files, because
   *     most can be mounted by one node only; or null
   * @param idle whether nobody at all uses that volume, so that nobody is kept from writing
   */
  public record Whereabouts(@Nullable Place place, boolean idle) {}

  /** The Job. */
  public static Job desired(
      StorageBackup backup,
      InstanceModel model,
      BackupModel options,
      BackupDecision decision,
      Whereabouts data) {
    SetAddress set = decision.set();
    S3TargetSpec bucket = decision.target().s3();
    boolean sqlite = set.backend() == Backend.SQLITE;
    List<String> args = new ArrayList<>(List.of("backup"));
    args.addAll(sqlite ? databases(model, options, data) : server(model, options));
    args.addAll(
        bucket == null
            ? List.of("--to", "file://" + DIRECTORY)
            : BucketAccess.arguments("--to", bucket));
    args.addAll(
        List.of(
            "--prefix",
            decision.prefix(),
            "--instance",
            SetAddress.writer(model.instance()),
            "--id",
            set.id(),
            // Of one Job there is one pod at a time, and of one set one Job.
            "--replace-unfinished",
            "--owner",
            backup.getMetadata().getUid()));
    options.recipients().forEach(key -> args.addAll(List.of("--recipient", key)));
    args.addAll(List.of("--result", "/dev/termination-log"));
    PodSpec runner =
        JobTemplate.pod(
            JobTemplate.runner(
                model.operatorImage(), args, sqlite ? List.of() : ServerAccess.environment(model)),
            model);
    String claim = decision.place().claim();
    PodSpec pod =
        bucket != null
            ? BucketAccess.mounted(runner, bucket)
            : JobTemplate.withClaim(runner, VOLUME, Objects.requireNonNull(claim), DIRECTORY);
    return JobTemplate.job(
            SetAddress.jobName(backup),
            model.instance(),
            COMPONENT,
            Owner.of(backup),
            Map.of(Labels.BACKUP_SET, set.id()),
            sqlite
                ? RevisionJob.onVolume(pod, model, data.place())
                : beside(ServerAccess.withCertificates(pod, model), options, data.place()),
            TRIES)
        .edit()
        .editMetadata()
        .addToAnnotations(Annotations.BACKUP_DECISION, decision.json())
        .endMetadata()
        .editSpec()
        .withActiveDeadlineSeconds(options.timeout().toSeconds())
        .endSpec()
        .build();
  }

  private static List<String> server(InstanceModel model, BackupModel options) {
    List<String> args = new ArrayList<>(List.of("--from", ServerAccess.urlOfRole(model)));
    if (!options.extraPaths().isEmpty()) {
      args.addAll(List.of("--directory", JobTemplate.DATA_DIRECTORY));
      // What is left of them is of before the move.
      model.sqlite().databases().forEach(file -> args.addAll(List.of("--optional-database", file)));
      options.extraPaths().forEach(path -> args.addAll(List.of("--extra-path", path)));
    }
    return args;
  }

  /** The pod with the volume that has files which belong to the data, if any do. */
  private static PodSpec beside(PodSpec pod, BackupModel options, @Nullable Place place) {
    if (options.extraPaths().isEmpty()) {
      return pod;
    }
    PodSpec mounted = JobTemplate.readingData(pod, options.filesClaim());
    return place == null ? mounted : JobTemplate.pinned(mounted, place);
  }

  private static List<String> databases(
      InstanceModel model, BackupModel options, Whereabouts data) {
    SqliteModel sqlite = model.sqlite();
    List<String> args = new ArrayList<>(List.of("--directory", JobTemplate.DATA_DIRECTORY));
    for (String file : sqlite.databases()) {
      args.addAll(
          List.of(sqlite.made().contains(file) ? "--database" : "--optional-database", file));
    }
    options.extraPaths().forEach(path -> args.addAll(List.of("--extra-path", path)));
    if (data.idle()) {
      args.add("--allow-blocking");
    }
    return args;
  }
}
