package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.BootstrapSpec;
import dev.wharfinger.operator.dependent.SqliteClaim;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.RestoreJob;
import dev.wharfinger.operator.job.RestoreReport;
import dev.wharfinger.operator.migration.PodsInTheWay;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.BucketSecrets;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.RestoreSource;
import dev.wharfinger.operator.model.RestoredData;
import dev.wharfinger.operator.model.SecretText;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Fills the volume or the server of a new instance from a backup set, before the schema is migrated
 * and the application is told. What decides stands on the volume's claim: {@link
 * Annotations#RESTORE_FROM} since the claim was made, {@link Annotations#RESTORED} since all of it
 * was there. A claim that has the first alone holds nobody's data; one that has neither was not
 * made for this, and one that the application was told of is never restored into.
 */
final class RestoreStep {
  private final Clock clock;

  RestoreStep(Clock clock) {
    this.clock = clock;
  }

  /** Makes the claim of the SQLite volume. */
  static StepResult claim(Run run) {
    BootstrapSpec.RestoreFrom asked = RestoreSource.asked(run.instance());
    if (asked == null) {
      run.writer().create(SqliteClaim.desired(run.model()));
      return StepResult.waiting("Provisioning", "the volume is being claimed");
    }
    RestoreSet set = RestoreSet.of(run, asked, Backend.SQLITE);
    if (set.source() == null) {
      return set.obstacle();
    }
    run.writer().create(SqliteClaim.restored(run.model(), set.source()));
    return StepResult.waiting("Restoring", "the volume for the restored data is being claimed");
  }

  /**
   * Fills the server, which is ready and was not told to anybody. Its claim is made by the
   * StatefulSet, so what it is for is written on it before the Job is made.
   */
  StepResult server(Run run) {
    PersistentVolumeClaim claim = run.observed().serverClaim();
    boolean adopts = Annotations.get(run.instance(), Annotations.ADOPT) != null;
    if (run.observed().binding() != null || Annotations.epoch(claim) > 0 && !adopts) {
      return StepResult.DONE;
    }
    if (claim == null) {
      return StepResult.waiting("ServerStarting", "the server's claim is not seen yet");
    }
    BootstrapSpec.RestoreFrom asked = RestoreSource.asked(run.instance());
    if (asked != null && !adopts && RestoreSource.on(claim) == null) {
      RestoreSet set = RestoreSet.of(run, asked, Backend.POSTGRESQL);
      if (set.source() == null) {
        return set.obstacle();
      }
      mark(run, claim, Annotations.RESTORE_FROM, set.source().json());
      return StepResult.waiting("Restoring", set.source().words() + " is to be restored");
    }
    return run(run, claim, source -> RestoreJob.ofServer(run.model(), source, claim));
  }

  /** Fills the SQLite volume. */
  StepResult files(Run run, PersistentVolumeClaim claim) {
    return run(run, claim, source -> RestoreJob.ofFiles(run.model(), source, claim));
  }

  private StepResult run(
      Run run, PersistentVolumeClaim claim, Function<RestoreSource, Job> filler) {
    boolean done = RestoredData.on(claim);
    if (run.observed().binding() != null || ClaimMarks.wasBound(claim, run.instance())) {
      return StepResult.DONE;
    }
    String holder = HeldClaim.holder(run.writer().client(), claim);
    if (holder != null) {
      return StepResult.stop("RestoreRefused", HeldClaim.words(claim, holder));
    }
    RestoreSource source = RestoreSource.on(claim);
    boolean asked = RestoreSource.asked(run.instance()) != null;
    boolean ours =
        source != null && source.instance().equals(run.instance().getMetadata().getUid());
    if (asked && !ours) {
      return StepResult.stop(
          "RestoreRefused",
          "claim "
              + claim.getMetadata().getName()
              + " was not made for this restore and may have data, and nothing is ever replaced: remove"
              + " bootstrap.restoreFrom to use what is there, or make a StorageInstance of another name");
    }
    if (source != null && !ours && !done) {
      return StepResult.stop(
          "RestoreRefused",
          "claim "
              + claim.getMetadata().getName()
              + " was to be filled for a StorageInstance that is gone, and that was not done to its end; delete the claim,"
              + " and make a StorageInstance with bootstrap.restoreFrom: "
              + source.words()
              + " is as it was");
    }
    if (source == null || done) {
      jobs(run).forEach(job -> delete(run, job));
      return StepResult.DONE;
    }
    RestoreSource opened = source.opened(run.instance());
    return fill(run, claim, opened, filler.apply(opened));
  }

  private StepResult fill(Run run, PersistentVolumeClaim claim, RestoreSource source, Job desired) {
    String name = desired.getMetadata().getName();
    Job other =
        jobs(run).stream()
            .filter(job -> !name.equals(job.getMetadata().getName()))
            .filter(job -> !JobOutcome.of(job).ended())
            .findFirst()
            .orElse(null);
    if (other != null) {
      // It may wait for ever for a Secret whose name was corrected since. Two would be kept apart
      // by
      // a lock on the volume, which not every file system has, so its pod is waited for.
      delete(run, other);
      return restoring(run, other, source).lookAgain(RestoreSet.LOOK_AGAIN);
    }
    Job job = run.observed().job(name);
    return switch (JobOutcome.of(job)) {
      case ABSENT -> make(run, source, desired);
      case RUNNING -> restoring(run, job == null ? desired : job, source);
      case COMPLETE -> note(run, claim, job == null ? desired : job, source);
      case REFUSED -> refused(run, claim, job == null ? desired : job, source);
      case FAILED -> failed(run, job == null ? desired : job, source);
    };
  }

  private static StepResult make(Run run, RestoreSource source, Job desired) {
    StepResult there = RestoreSet.reachable(run, source);
    if (!there.done()) {
      return there;
    }
    if (run.writer().pods().stream().anyMatch(pod -> atWork(run, pod))) {
      return StepResult.waiting("Restoring", "waiting for the pod of a deleted Job to go")
          .lookAgain(RestoreSet.LOOK_AGAIN);
    }
    jobs(run).forEach(job -> delete(run, job));
    run.writer().create(desired);
    return restoring(desired, source, null);
  }

  private static boolean atWork(Run run, Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels != null
        && labels.entrySet().containsAll(Labels.of(run.instance(), RestoreJob.COMPONENT).entrySet())
        && PodsInTheWay.live(pod);
  }

  private static StepResult restoring(Run run, Job job, RestoreSource source) {
    List<Pod> pods = PodWords.youngestFirst(run.observed().pods(), job);
    String obstacle =
        pods.isEmpty()
            ? run.writer().missingPod(job, StepResult.DONE).words()
            : PodDiagnosis.obstacle(pods.getFirst());
    return restoring(job, source, obstacle);
  }

  private static StepResult restoring(Job job, RestoreSource source, @Nullable String obstacle) {
    return StepResult.waiting(
        "Restoring",
        "Job "
            + job.getMetadata().getName()
            + " restores "
            + source.words()
            + (obstacle == null ? "" : ": " + obstacle));
  }

  /** What was restored is written on the claim, against the version of it that was read. */
  private static StepResult note(
      Run run, PersistentVolumeClaim claim, Job job, RestoreSource source) {
    RestoreReport report = PodWords.report(run.writer().pods(), job);
    RestoredData restored = report == null ? null : report.restored();
    if (restored == null) {
      // Its pod is gone with what it has said: another Job finds everything in its place.
      delete(run, job);
      return StepResult.waiting(
          "Restoring", "the set is restored, and the volume is asked what is on it");
    }
    mark(run, claim, Annotations.RESTORED, restored.json());
    return StepResult.waiting("Restoring", source.words() + " is restored");
  }

  private static void mark(Run run, PersistentVolumeClaim claim, String name, String text) {
    Map<String, Object> metadata =
        Map.of(
            "uid", claim.getMetadata().getUid(),
            "resourceVersion", claim.getMetadata().getResourceVersion(),
            "annotations", Map.of(name, text));
    run.writer()
        .merge(
            claim,
            run.writer()
                .client()
                .getKubernetesSerialization()
                .asJson(Map.of("metadata", metadata)));
  }

  private static StepResult refused(
      Run run, PersistentVolumeClaim claim, Job job, RestoreSource source) {
    RestoreReport report = PodWords.report(run.writer().pods(), job);
    return StepResult.stop(
        "RestoreFailed",
        failure(run, job, source, report)
            + "; "
            + wayOut(report == null ? "" : report.reason(), run, claim, source)
            + ". When the cause is mended, delete Job "
            + job.getMetadata().getName()
            + " to have it tried again");
  }

  private StepResult failed(Run run, Job job, RestoreSource source) {
    RestoreRetry retry = new RestoreRetry(job, clock.instant());
    if (retry.due()) {
      delete(run, job);
      return StepResult.waiting("Restoring", source.words() + " is to be restored again");
    }
    return StepResult.waiting(
            "RestoreFailed",
            failure(run, job, source, PodWords.report(run.writer().pods(), job))
                + "; it is tried again by itself")
        .lookAgain(retry.remaining());
  }

  private static String failure(
      Run run, Job job, RestoreSource source, @Nullable RestoreReport report) {
    List<String> secrets = secrets(run, source);
    String said =
        report == null
            ? PodWords.others(run.writer().pods(), job, secrets)
            : PodWords.scrubbed(
                (report.reason().isEmpty() ? "" : report.reason() + ": ") + report.message(),
                secrets);
    return source.words()
        + " could not be restored: "
        + (said.isEmpty() ? "its Job was ended before it could say why" : said)
        + "; the application was told of nothing";
  }

  /**
   * The password that the Job logs in with, the one that is wished for instead, and the keys of the
   * bucket.
   */
  private static List<String> secrets(Run run, RestoreSource source) {
    Stream<String> passwords =
        Stream.concat(
            Stream.ofNullable(SecretText.of(run.login(), "password")),
            Stream.ofNullable(SecretText.of(run.observed().credentials(), "password")));
    Stream<String> keys =
        source.s3() == null
            ? Stream.empty()
            : BucketSecrets.values(source.s3(), name -> run.writer().live(Secret.class, name))
                .stream();
    return Stream.concat(passwords, keys).toList();
  }

  private static String wayOut(
      String reason, Run run, PersistentVolumeClaim claim, RestoreSource source) {
    if (reason.equals("files-need-a-place")
        || reason.equals("directory-not-empty") && source.files() != null) {
      return "name an empty claim for these files in bootstrap.restoreFrom.filesClaimName";
    }
    String name = claim.getMetadata().getName();
    String another =
        "delete this StorageInstance and claim "
            + name
            + (name.equals(run.model().names().dataClaim())
                ? ""
                : " and Secrets "
                    + run.model().names().credentials()
                    + " and "
                    + run.model().names().role())
            + ", which the application was never told of, and make it again with ";
    return switch (reason) {
      case "key-missing", "key-differs" ->
          "name the Secret with a private key in bootstrap.restoreFrom.identitySecretRef";
      case "set-missing" -> another + "an id that the command list shows";
      case "set-damaged", "manifest-damaged", "manifest-missing" -> another + "another set";
      case "server-older" -> another + "the set's postgresql.version or a newer one";
      case "no-client" ->
          another + "a postgresql.version that the operator's image has the programs of";
      case "database-not-in-set" ->
          another + "these in sqlite.databases, or those that the set lacks in optionalDatabases";
      case "other-engine" -> another + "the backend of the set, and switch when it is Ready";
      case "network-file-system" ->
          another + "a sqlite.storage.storageClassName of local or block volumes";
      case "no-room" -> another + "a larger sqlite.storage.size";
      case "app-key-missing", "app-key-differs" ->
          "such a set is restored by the restore command alone";
      default -> "see the reason in the page of the restore command";
    };
  }

  private static List<Job> jobs(Run run) {
    return run.observed().jobs().stream()
        .filter(
            job -> RestoreJob.COMPONENT.equals(job.getMetadata().getLabels().get(Labels.COMPONENT)))
        .toList();
  }

  private static void delete(Run run, Job job) {
    if (job.getMetadata().getDeletionTimestamp() == null) {
      run.writer().delete(job);
    }
  }
}
